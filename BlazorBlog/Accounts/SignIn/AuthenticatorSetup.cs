using QRCoder;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>What an authenticator app needs to know.</summary>
/// <param name="Key">The secret in groups of four letters, for typing.</param>
/// <param name="Uri"><c>otpauth:</c> address, as authenticator apps read it from a picture (Google Authenticator, "Key Uri Format").</param>
/// <param name="Picture">The address as a QR code: a PNG in a data address.</param>
public sealed record AuthenticatorSetup(string Key, string Uri, string Picture)
{
    private const int PixelsPerModule = 5;

    internal static AuthenticatorSetup Make(string secret, string account, string issuer)
    {
        var issuerName = System.Uri.EscapeDataString(issuer);
        var uri = $"otpauth://totp/{issuerName}:{System.Uri.EscapeDataString(account)}?secret={secret}&issuer={issuerName}&digits=6";
        using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(code);
        return new AuthenticatorSetup(
            string.Join(' ', secret.Chunk(4).Select(letters => new string(letters))), uri, $"data:image/png;base64,{Convert.ToBase64String(png.GetGraphic(PixelsPerModule))}");
    }
}
