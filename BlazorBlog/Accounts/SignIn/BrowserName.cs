namespace BlazorBlog.Accounts.SignIn;

/// <summary>Makes a readable browser name from a User-Agent header. A guess: the header also contains other browsers' names.</summary>
internal static class BrowserName
{
    // In this order: each browser's header also contains the names below it.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Whale/", "Whale"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("KAKAOTALK", "KakaoTalk"),
        ("NAVER(", "NAVER"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Vivaldi/", "Vivaldi"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];

    /// <returns>Never longer than <see cref="SignInSession.MaxBrowserLength"/>; empty when nothing is recognised.</returns>
    public static string Describe(string? userAgent)
    {
        var names = new[] { Find(Browsers, userAgent), Find(Systems, userAgent) };
        return string.Join(", ", names.OfType<string>());
    }

    private static string? Find((string Mark, string Name)[] known, string? userAgent) =>
        known.Where(entry => userAgent?.Contains(entry.Mark, StringComparison.Ordinal) == true).Select(entry => entry.Name).FirstOrDefault();
}
