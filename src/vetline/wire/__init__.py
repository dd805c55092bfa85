"""Partner Center's words: routes, messages, codec, faults, headers. Shared by the service and the client.

Pure. It reads tolerantly and writes strictly, and it knows nothing of vetting.
"""
