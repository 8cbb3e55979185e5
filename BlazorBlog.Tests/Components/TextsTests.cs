using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BlazorBlog.Support;

namespace BlazorBlog.Components;

public sealed partial class TextsTests
{
    private static readonly string Project = Path.Combine(Repository.Root, "BlazorBlog");

    [Fact]
    public void Every_text_of_the_pages_is_translated_and_no_translation_is_left_over()
    {
        var used = SourceFiles()
            .SelectMany(file => Lookup().Matches(File.ReadAllText(file)))
            .Select(match => Regex.Unescape(match.Groups[1].Value))
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(used, Translations().Select(pair => pair.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_translation_fills_the_same_places()
    {
        Assert.All(Translations(), pair => Assert.Equal(Places(pair.Key), Places(pair.Value)));
    }

    [Fact]
    public void Every_translation_is_found_by_the_program()
    {
        var texts = new ResourceManager(typeof(Texts));

        // Of two names that differ in their case alone, the build keeps one.
        Assert.All(Translations(), pair => Assert.Equal(pair.Value, texts.GetString(pair.Key, CultureInfo.GetCultureInfo("ko"))));
    }

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Project, "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => Path.GetRelativePath(Project, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));

    private static IEnumerable<KeyValuePair<string, string>> Translations() =>
        XDocument.Load(Path.Combine(Project, "Components", "Texts.ko.resx")).Root!.Elements("data")
            .Select(data => KeyValuePair.Create(data.Attribute("name")!.Value, data.Element("value")!.Value));

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex("""\b(?:L|texts)\["((?:[^"\\]|\\.)*)"[\],]""")]
    private static partial Regex Lookup();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
