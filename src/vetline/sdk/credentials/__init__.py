"""Credentials of our own, for those who bring none: a client secret, a refresh token, a device code.

azure-identity and MSAL work as they are; these need no further library. All speak to the v2 endpoint of Microsoft
Entra ID:
https://learn.microsoft.com/entra/identity-platform/v2-protocols
"""

from vetline.sdk.credentials.client_secret import ClientSecret
from vetline.sdk.credentials.device_code import DeviceCode, DevicePrompt
from vetline.sdk.credentials.refresh_token import OnRotation, RefreshToken

__all__ = ["ClientSecret", "DeviceCode", "DevicePrompt", "OnRotation", "RefreshToken"]
