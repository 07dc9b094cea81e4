"""Which files open without a question: those whose kind shows something and runs nothing. Pure.

Programs choose by the ending of a name as well as by the content, so both have to be of such a kind.
"""

from __future__ import annotations

from tix.domain.files.filetypes import extension

# By the type that was found in the content, the endings that a harmless file of it has.
_SHOWN = {
    "image/jpeg": "jpg jpeg jfif", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/bmp": "bmp",
    "image/tiff": "tif tiff", "image/heic": "heic heif", "image/avif": "avif", "application/pdf": "pdf",
    "video/mp4": "mp4 m4v", "video/quicktime": "mov", "video/x-msvideo": "avi", "video/x-matroska": "mkv",
    "video/matroska": "mkv", "video/webm": "webm", "video/mpeg": "mpg mpeg", "audio/mpeg": "mp3", "audio/mp4": "m4a",
    "audio/aac": "aac", "audio/wav": "wav", "audio/ogg": "ogg oga opus", "audio/flac": "flac", "audio/amr": "amr",
    "text/plain": "txt log md", "text/csv": "csv", "text/markdown": "md",
}  # fmt: skip


def opens_safely(name: str, mime: str) -> bool:
    """Whether a file only shows something when it is opened; of what is not known, it is not."""
    return extension(name).lower().lstrip(".") in _SHOWN.get(mime, "").split()
