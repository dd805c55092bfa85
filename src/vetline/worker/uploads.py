"""Works uploads off, a batch at a time, so that screening and requests have their turns between."""

from vetline.desk.uploading import Uploading

BATCH = 64


class UploadDuty:
    """Submits the rows of uploads.

    Parameters:
        uploading: submits them.
    """

    interval_seconds = 1.0

    def __init__(self, uploading: Uploading) -> None:
        self._uploading = uploading

    async def run_once(self) -> bool:
        """Submit one batch; return whether more may wait."""
        return await self._uploading.work(BATCH)
