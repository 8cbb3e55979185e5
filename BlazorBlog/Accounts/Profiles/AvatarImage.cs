using System.Diagnostics.CodeAnalysis;
using SkiaSharp;

namespace BlazorBlog.Accounts.Profiles;

/// <summary>
/// Makes a profile picture from an upload. The picture is encoded anew, so only its visible pixels remain: no location
/// metadata, and no script appended after the image data.
/// </summary>
internal static class AvatarImage
{
    /// <summary>Largest upload, in bytes.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>Largest upload, in width times height; a PNG of that many takes four bytes each while it is read.</summary>
    public const int MaxPixels = 40_000_000;

    /// <summary>Width and height of every profile picture, in pixels.</summary>
    public const int Size = 256;

    /// <summary>What every profile picture is; it alone of the formats is small and knows transparency.</summary>
    public const string ContentType = "image/webp";

    private const int Quality = 90;

    /// <summary>
    /// Takes a PNG, JPEG, GIF (its first frame) or WebP, told by its content; turns it upright, cuts the square out of its middle and scales
    /// that to <see cref="Size"/>. Takes up to a second of a processor.
    /// </summary>
    /// <param name="upload">The file as it came.</param>
    /// <param name="picture">A file of <see cref="ContentType"/>.</param>
    /// <param name="problem">What to tell the person otherwise.</param>
    public static bool TryNormalize(ReadOnlySpan<byte> upload, [NotNullWhen(true)] out byte[]? picture, [NotNullWhen(false)] out AvatarProblem? problem)
    {
        picture = null;
        if (upload.Length > MaxBytes)
        {
            problem = AvatarProblem.TooLarge;
            return false;
        }

        problem = AvatarProblem.NotAPicture;
        if (!HasKnownSignature(upload))
        {
            return false;
        }

        using var data = SKData.CreateCopy(upload);
        using var codec = SKCodec.Create(data);
        if (codec is null)
        {
            return false;
        }

        // Only the header has been read so far: a few bytes that claim to be an enormous picture cost nothing.
        if ((long)codec.Info.Width * codec.Info.Height > MaxPixels)
        {
            problem = AvatarProblem.TooManyPixels;
            return false;
        }

        using var decoded = Decode(codec);
        if (decoded is null)
        {
            return false;
        }

        picture = Paint(decoded, codec.EncodedOrigin);
        problem = null;
        return true;
    }

    /// <summary>Keeps the decoders of all other formats, which see far less use and scrutiny, out of reach.</summary>
    private static bool HasKnownSignature(ReadOnlySpan<byte> upload) =>
        upload.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        || upload.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || upload.StartsWith("GIF87a"u8)
        || upload.StartsWith("GIF89a"u8)
        || (upload.StartsWith("RIFF"u8) && upload.Length >= 12 && upload[8..].StartsWith("WEBP"u8));

    /// <returns>Null when the picture is broken or ends too early.</returns>
    private static SKBitmap? Decode(SKCodec codec)
    {
        // JPEG and WebP can leave out detail while they are read, which saves most of the memory. Twice the size is asked for, as JPEG
        // knows eighths only and may round down.
        var shorter = Math.Min(codec.Info.Width, codec.Info.Height);
        var size = codec.GetScaledDimensions(Math.Min(1f, 2f * Size / shorter));

        // A colour profile goes with the other metadata, so colours become those that need none.
        var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb()));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success)
        {
            return bitmap;
        }

        bitmap.Dispose();
        return null;
    }

    private static byte[] Paint(SKBitmap decoded, SKEncodedOrigin origin)
    {
        // Without a colour space: naming the usual one would only add half a kilobyte to the file.
        using var square = new SKBitmap(Size, Size, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var canvas = new SKCanvas(square);
        canvas.Clear(SKColors.Transparent);
        TurnUpright(canvas, origin);

        // The middle square is the same whichever side is up. It is cut out first: scaling would mix its edges with what lies beside them.
        var side = Math.Min(decoded.Width, decoded.Height);
        using var pixels = decoded.PeekPixels();
        using var middle = pixels.ExtractSubset(SKRectI.Create((decoded.Width - side) / 2, (decoded.Height - side) / 2, side, side));
        using var image = SKImage.FromPixels(middle);
        var sampling = side > Size ? new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear) : new SKSamplingOptions(SKCubicResampler.Mitchell);
        canvas.DrawImage(image, SKRect.Create(Size, Size), sampling);

        using var painted = square.Encode(SKEncodedImageFormat.Webp, Quality);
        return painted.ToArray();
    }

    private static void TurnUpright(SKCanvas canvas, SKEncodedOrigin origin)
    {
        var (degrees, mirrored) = origin switch
        {
            SKEncodedOrigin.TopRight => (0, true),
            SKEncodedOrigin.BottomRight => (180, false),
            SKEncodedOrigin.BottomLeft => (180, true),
            SKEncodedOrigin.LeftTop => (270, true),
            SKEncodedOrigin.RightTop => (90, false),
            SKEncodedOrigin.RightBottom => (90, true),
            SKEncodedOrigin.LeftBottom => (270, false),
            _ => (0, false),
        };
        const float centre = Size / 2f;
        canvas.RotateDegrees(degrees, centre, centre);
        canvas.Scale(mirrored ? -1 : 1, 1, centre, centre);
    }
}

/// <summary>Why an upload does not become a profile picture.</summary>
public enum AvatarProblem
{
    /// <summary>More than <see cref="AvatarImage.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>More than <see cref="AvatarImage.MaxPixels"/>, by its own account.</summary>
    TooManyPixels,

    /// <summary>Not a whole PNG, JPEG, GIF or WebP.</summary>
    NotAPicture,
}
