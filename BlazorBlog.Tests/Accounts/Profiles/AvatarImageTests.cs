using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace BlazorBlog.Accounts.Profiles;

public sealed class AvatarImageTests
{
    private const string Secret = "taken at 37.5512 N 126.9882 E";

    private static readonly byte[] OneRedPixelGif = Convert.FromHexString("47494638396101000100800000FF0000FFFFFF2C00000000010001000002024401003B");

    public static TheoryData<string, byte[]> Formats => new()
    {
        { "PNG", Encode(Plain(300, 200, SKColors.Red), SKEncodedImageFormat.Png) },
        { "JPEG", Encode(Plain(300, 200, SKColors.Red), SKEncodedImageFormat.Jpeg) },
        { "WebP", Encode(Plain(300, 200, SKColors.Red), SKEncodedImageFormat.Webp) },
        { "GIF", OneRedPixelGif },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Each_format_becomes_a_square_of_one_size(string format, byte[] upload)
    {
        using var picture = Decode(Normalize(upload));

        Assert.Equal((AvatarImage.Size, AvatarImage.Size), (picture.Width, picture.Height));
        AssertColor(SKColors.Red, picture.GetPixel(128, 128), format);
        AssertColor(SKColors.Red, picture.GetPixel(0, 0), format);
        AssertColor(SKColors.Red, picture.GetPixel(255, 255), format);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2000)]
    [InlineData(257, 255)]
    [InlineData(3000, 7)]
    [InlineData(4001, 3001)]
    public void Any_shape_becomes_a_full_square(int width, int height)
    {
        foreach (var format in new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp })
        {
            using var picture = Decode(Normalize(Encode(Plain(width, height, SKColors.Blue), format)));

            Assert.All(Corners(picture), corner => AssertColor(SKColors.Blue, corner, $"{format}"));
        }
    }

    [Theory]
    [InlineData(1200, 400)]
    [InlineData(400, 1200)]
    [InlineData(30, 10)]
    [InlineData(10, 30)]
    public void The_square_is_cut_from_the_middle(int width, int height)
    {
        var side = Math.Min(width, height);
        using var upload = Draw(width, height, canvas =>
        {
            canvas.Clear(SKColors.Red);
            Fill(canvas, (width - side) / 2, (height - side) / 2, side, side, SKColors.Green);
        });

        using var picture = Decode(Normalize(Encode(upload, SKEncodedImageFormat.Png)));

        Assert.All(Corners(picture), corner => AssertColor(SKColors.Green, corner));
    }

    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public void A_picture_is_turned_as_its_camera_was_held(byte orientation, string corners)
    {
        using var upload = Draw(600, 400, canvas =>
        {
            Fill(canvas, 0, 0, 300, 200, SKColors.Red);
            Fill(canvas, 300, 0, 300, 200, SKColors.Lime);
            Fill(canvas, 0, 200, 300, 200, SKColors.Blue);
            Fill(canvas, 300, 200, 300, 200, SKColors.White);
        });

        using var picture = Decode(Normalize(WithExif(Encode(upload, SKEncodedImageFormat.Jpeg), orientation)));

        Assert.Equal(corners, string.Concat(Corners(picture).Select(Letter)));
    }

    [Fact]
    public void Only_the_pixels_are_kept()
    {
        var jpeg = Encode(Plain(300, 200, SKColors.Red), SKEncodedImageFormat.Jpeg);
        byte[] upload = [.. WithExif(jpeg, 1), .. "<script>alert(1)</script>"u8];

        var picture = Normalize(upload);

        Assert.Equal(Normalize(jpeg), picture);
        var text = Encoding.Latin1.GetString(picture);
        Assert.StartsWith("RIFF", text, StringComparison.Ordinal);
        Assert.Equal("WEBPVP8 ", text[8..16]);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exif", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("script", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_follows_a_picture_is_dropped(string format, byte[] upload)
    {
        Assert.True(upload.Length > 0, format);
        Assert.Equal(Normalize(upload), Normalize([.. upload, .. "PK\x03\x04<html>"u8]));
    }

    [Fact]
    public void Transparency_is_kept()
    {
        using var upload = Draw(400, 400, canvas => Fill(canvas, 200, 0, 200, 400, SKColors.Red));

        foreach (var format in new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp })
        {
            using var picture = Decode(Normalize(Encode(upload, format)));

            Assert.Equal(0, picture.GetPixel(20, 128).Alpha);
            AssertColor(SKColors.Red, picture.GetPixel(235, 128), $"{format}");
        }
    }

    [Fact]
    public void Nothing_is_left_of_what_transparency_hid() =>
        Assert.Equal(Normalize(Invisible(SKColors.Red)), Normalize(Invisible(SKColors.Blue)));

    [Fact]
    public void Colors_survive_the_loss_of_their_profile()
    {
        var displayP3 = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3);
        using var upload = new SKBitmap(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Opaque, displayP3));
        new byte[] { 200, 100, 100, 255 }.CopyTo(upload.GetPixelSpan());

        using var picture = Decode(Normalize(Encode(upload, SKEncodedImageFormat.Png)));

        AssertColor(new SKColor(214, 93, 97), picture.GetPixel(128, 128));
    }

    public static TheoryData<string, byte[]> NoPictures => new()
    {
        { "nothing", [] },
        { "SVG", [.. """<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>"""u8] },
        { "HTML", [.. "<!doctype html><img src=x onerror=alert(1)>"u8] },
        { "noise", Noise(4000) },
        { "PNG and noise", [0x89, .. "PNG\r\n\u001A\n"u8, .. Noise(4000)] },
        { "JPEG and noise", [0xFF, 0xD8, 0xFF, 0xE0, .. Noise(4000)] },
        { "GIF and noise", [.. OneRedPixelGif[..10], .. Noise(4000)] },
        { "WebP and noise", [.. "RIFF"u8, 0xA8, 0x0F, 0, 0, .. "WEBPVP8 "u8, .. Noise(4000)] },
        { "no more than the start of a PNG", [0x89, .. "PNG\r\n\u001A\n"u8] },
        { "no more than the start of a JPEG", [0xFF, 0xD8, 0xFF] },
        { "no more than the start of a GIF", [.. "GIF89a"u8] },
        { "no more than the start of a WebP", [.. "RIFF"u8, 0xA8, 0x0F, 0, 0, .. "WEBP"u8] },
        { "BMP", Convert.FromHexString("424D3A0000000000000036000000280000000100000001000000010018000000000004000000130B0000130B000000000000000000000000FF00") },
    };

    [Theory]
    [MemberData(nameof(NoPictures))]
    public void Anything_else_is_no_picture(string what, byte[] upload) => AssertRefused(AvatarProblem.NotAPicture, upload, what);

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_picture_that_ends_too_early_is_none(SKEncodedImageFormat format)
    {
        var whole = Encode(Gradient(500, 500), format);

        foreach (var percent in new[] { 5, 50, 95 })
        {
            AssertRefused(AvatarProblem.NotAPicture, whole.AsSpan(0, whole.Length * percent / 100), $"{format} {percent}%");
        }
    }

    [Fact]
    public void A_picture_that_is_damaged_within_is_none()
    {
        var upload = Encode(Gradient(500, 500), SKEncodedImageFormat.Png);
        Noise(200).CopyTo(upload, upload.Length / 2);

        AssertRefused(AvatarProblem.NotAPicture, upload);
    }

    public static TheoryData<string, byte[]> Bombs => new()
    {
        { "PNG", WithHeader(Encode(Plain(1, 1, SKColors.Red), SKEncodedImageFormat.Png), 12, "494844520000C3500000C35008060000004BAF3DCA") },
        { "JPEG", WithHeader(Encode(Plain(1, 1, SKColors.Red), SKEncodedImageFormat.Jpeg), "FFC00011080001", "FFC0001108C350C350") },
        { "GIF", WithHeader(OneRedPixelGif.ToArray(), 6, "50C350C3") },
        { "WebP", WithHeader(Encode(Plain(1, 1, SKColors.Red), SKEncodedImageFormat.Webp), "9D012A", "9D012AFF3FFF3F") },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_few_bytes_that_claim_too_many_pixels_are_not_even_decoded(string format, byte[] upload)
    {
        Assert.InRange(upload.Length, 1, 1000);
        AssertRefused(AvatarProblem.TooManyPixels, upload, format);
    }

    [Fact]
    public void Bytes_are_counted_before_anything_is_read()
    {
        var picture = Encode(Plain(10, 10, SKColors.Red), SKEncodedImageFormat.Png);
        var upload = new byte[AvatarImage.MaxBytes + 1];
        picture.CopyTo(upload, 0);

        AssertRefused(AvatarProblem.TooLarge, upload);
        AssertRefused(AvatarProblem.TooLarge, new byte[AvatarImage.MaxBytes + 1]);
        Normalize(upload.AsSpan(0, AvatarImage.MaxBytes));
    }

    private static byte[] Normalize(ReadOnlySpan<byte> upload)
    {
        Assert.True(AvatarImage.TryNormalize(upload, out var picture, out var problem), $"{problem}");
        return picture;
    }

    private static void AssertRefused(AvatarProblem expected, ReadOnlySpan<byte> upload, string what = "")
    {
        Assert.False(AvatarImage.TryNormalize(upload, out var picture, out var problem), what);
        Assert.Null(picture);
        Assert.Equal(expected, problem);
    }

    private static SKBitmap Plain(int width, int height, SKColor color) => Draw(width, height, canvas => canvas.Clear(color));

    private static SKBitmap Gradient(int width, int height) => Draw(width, height, canvas =>
    {
        using var paint = new SKPaint();
        paint.Shader = SKShader.CreateLinearGradient(new SKPoint(0, 0), new SKPoint(width, height), [SKColors.Red, SKColors.Lime, SKColors.Blue], SKShaderTileMode.Clamp);
        canvas.DrawPaint(paint);
    });

    private static SKBitmap Draw(int width, int height, Action<SKCanvas> draw)
    {
        var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Transparent);
        draw(canvas);
        return bitmap;
    }

    private static void Fill(SKCanvas canvas, int left, int top, int width, int height, SKColor color)
    {
        using var paint = new SKPaint { Color = color };
        canvas.DrawRect(left, top, width, height, paint);
    }

    /// <summary>A PNG whose pixels have a colour that nobody can see.</summary>
    private static byte[] Invisible(SKColor color)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(300, 300, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Pixels = Enumerable.Repeat(color.WithAlpha(0), 300 * 300).ToArray();
        return Encode(bitmap, SKEncodedImageFormat.Png);
    }

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format)
    {
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    private static SKBitmap Decode(byte[] picture)
    {
        var bitmap = SKBitmap.Decode(picture);
        Assert.NotNull(bitmap);
        return bitmap;
    }

    /// <summary>Puts an APP1 segment behind the start of a JPEG: the orientation, and the secret.</summary>
    private static byte[] WithExif(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            .. "Exif\0\0MM\0*\0\0\0\x08\0\x01"u8,
            0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,
            0, 0, 0, 0,
            .. Encoding.ASCII.GetBytes(Secret),
        ];
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(exif.Length + length.Length));
        return [.. jpeg[..2], 0xFF, 0xE1, .. length, .. exif, .. jpeg[2..]];
    }

    private static byte[] WithHeader(byte[] picture, string from, string header) =>
        WithHeader(picture, picture.AsSpan().IndexOf(Convert.FromHexString(from)), header);

    /// <summary>Writes over what a picture says of its width and height; in a PNG over the checksum, too.</summary>
    private static byte[] WithHeader(byte[] picture, int at, string header)
    {
        Convert.FromHexString(header).CopyTo(picture, at);
        return picture;
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(7).NextBytes(noise);
        return noise;
    }

    private static SKColor[] Corners(SKBitmap picture)
    {
        const int near = 8, far = AvatarImage.Size - 1 - near;
        return [picture.GetPixel(near, near), picture.GetPixel(far, near), picture.GetPixel(near, far), picture.GetPixel(far, far)];
    }

    private static char Letter(SKColor color) => (color.Red > 128, color.Green > 128, color.Blue > 128) switch
    {
        (true, false, false) => 'R',
        (false, true, false) => 'G',
        (false, false, true) => 'B',
        (true, true, true) => 'W',
        _ => '?',
    };

    /// <summary>Lossy formats do not keep a colour to the last bit.</summary>
    private static void AssertColor(SKColor expected, SKColor actual, string what = "")
    {
        var distance = new[] { expected.Red - actual.Red, expected.Green - actual.Green, expected.Blue - actual.Blue, expected.Alpha - actual.Alpha }.Max(Math.Abs);
        Assert.True(distance <= 6, $"{what}: expected {expected}, found {actual}");
    }
}
