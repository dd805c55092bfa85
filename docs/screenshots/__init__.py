"""`make screenshots`: a sandbox lives through a fortnight, then each page is photographed into docs/images.

`story.py` is what happens, `fortnight.py` makes it happen through the interfaces that everybody has, `shots.py` says
where each picture is taken, and `camera.py` takes it. Names of pictures stay; what they show follows the pages.
"""
