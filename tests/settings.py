"""The settings under test: the real ones, with data in a folder of their own."""

import os
import tempfile

os.environ["DATA"] = tempfile.mkdtemp(prefix="colloquy-tests-")

from config.settings import *  # noqa: F403
from config.settings import STORAGES

STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, for tests alone
STATIC_ROOT.mkdir()  # noqa: F405
