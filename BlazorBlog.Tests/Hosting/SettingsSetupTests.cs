using BlazorBlog.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorBlog.Hosting;

public sealed class SettingsSetupTests
{
    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var sample = Read(
            ("Sample:Text", " a text "), ("Sample:Number", "-3"), ("Sample:Flag", "TRUE"), ("Sample:Mode", "second"),
            ("Sample:Wait", "1.02:03:04"), ("Sample:Address", "https://blog.example/x"), ("sample:nested:text", "inside"));

        Assert.Equal(("a text", -3, true, Mode.Second), (sample.Text, sample.Number, sample.Flag, sample.Mode));
        Assert.Equal(new TimeSpan(1, 2, 3, 4), sample.Wait);
        Assert.Equal(new Uri("https://blog.example/x"), sample.Address);
        Assert.Equal("inside", sample.Nested.Text);
    }

    [Fact]
    public void A_list_is_one_string_with_commas_or_numbered_keys()
    {
        Assert.Equal(["a@example.com", "b@example.com"], Read(("Sample:Items", "a@example.com, b@example.com,")).Items);
        Assert.Equal(["a@example.com", "b@example.com"], Read(("Sample:Items:0", "a@example.com"), ("Sample:Items:1", " b@example.com ")).Items);
        Assert.Equal(["9", "10"], Read(("Sample:Items:10", "10"), ("Sample:Items:9", "9")).Items);
        Assert.Empty(Read(("Sample:Items", "")).Items);
    }

    [Fact]
    public void An_empty_value_is_no_value()
    {
        var sample = Read(("Sample:Number", ""), ("Sample:Wait", " "), ("Sample:Mode", ""));

        Assert.Equal((7, TimeSpan.FromSeconds(5), Mode.First), (sample.Number, sample.Wait, sample.Mode));
    }

    [Theory]
    [InlineData("Sample:Mode", "Third")]
    [InlineData("Sample:Mode", "1")]
    [InlineData("Sample:Mode", "-1")]
    [InlineData("Sample:Mode", "First,Second")]
    [InlineData("Sample:Wait", "30")]
    [InlineData("Sample:Wait", "30s")]
    [InlineData("Sample:Wait", "00:30")]
    [InlineData("Sample:Wait", "25:00:00")]
    [InlineData("Sample:Wait", "-00:00:30")]
    [InlineData("Sample:Number", "1.5")]
    [InlineData("Sample:Number", "1,000")]
    [InlineData("Sample:Number", "99999999999")]
    [InlineData("Sample:Flag", "yes")]
    [InlineData("Sample:Address", "blog.example")]
    [InlineData("Sample:Address", "ftp://blog.example")]
    [InlineData("Sample:Txet", "misspelt")]
    [InlineData("Sample:Nested:Txet", "misspelt inside")]
    [InlineData("Sample:Nested", "a value where a group belongs")]
    [InlineData("Sample:ReadOnly", "cannot be set")]
    public void A_wrong_value_is_reported_with_its_key(string key, string value) =>
        Assert.StartsWith($"{key}:", Assert.Single(Errors((key, value))), StringComparison.Ordinal);

    [Fact]
    public void A_group_where_a_value_belongs_is_reported() =>
        Assert.StartsWith("Sample:Number:", Assert.Single(Errors(("Sample:Number:Deep", "8"))), StringComparison.Ordinal);

    [Fact]
    public void A_list_given_both_ways_at_once_is_reported_because_one_of_them_would_be_ignored() =>
        Assert.StartsWith("Sample:Items:", Assert.Single(Errors(("Sample:Items", "a"), ("Sample:Items:0", "b"))), StringComparison.Ordinal);

    [Fact]
    public void A_value_of_the_sections_own_name_is_somebody_elses()
    {
        // EMAIL is set in the environment of many people, for other programs.
        Assert.Equal(7, Read(("Sample", "me@example.com")).Number);
    }

    [Fact]
    public void All_mistakes_are_reported_together()
    {
        var errors = Errors(("Sample:Number", "x"), ("Sample:Flag", "x"), ("Sample:Text", "forbidden"));

        Assert.Equal(["Sample:Flag", "Sample:Number", "Sample:Text"], errors.Select(error => string.Join(':', error.Split(':')[..2])).Order());
    }

    [Fact]
    public void A_wrong_value_says_what_is_allowed()
    {
        Assert.Equal("Sample:Mode: 'Third' is not one of First, Second.", Assert.Single(Errors(("Sample:Mode", "Third"))));
        Assert.Equal("Sample:Nested:Txet: unknown key. Known here: Text.", Assert.Single(Errors(("Sample:Nested:Txet", "secret"))));
    }

    [Fact]
    public async Task Mistakes_in_several_sections_are_found_together()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Sample:Number"] = "x";
        builder.Configuration["RateLimits:CommentsPerMinute"] = "0";
        builder.AddSettings<Sample>("Sample");
        builder.AddSettings<RateLimitSettings>("RateLimits");

        await using var app = builder.Build();
        var errors = app.FindWrongSettings();

        Assert.Equal(2, errors.Count);
        Assert.Contains(errors, error => error.StartsWith("Sample:Number:", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("RateLimits:CommentsPerMinute:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_are_options_that_a_start_validates()
    {
        await using var right = Host(("Sample:Number", "8"));
        await using var wrong = Host(("Sample:Number", "x"));

        Assert.Equal(8, right.Services.GetRequiredService<IOptions<Sample>>().Value.Number);
        Assert.Same(right.Services.GetRequiredService<IOptions<Sample>>().Value, right.Services.GetRequiredService<Sample>());
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => wrong.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("Sample:Number:", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private static WebApplication Host(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddSettings<Sample>("Sample");
        return builder.Build();
    }

    private static Sample Read(params (string Key, string? Value)[] settings)
    {
        var (sample, errors) = WrittenSettings.Read<Sample>("Sample", settings);
        Assert.Empty(errors);
        return sample;
    }

    private static IReadOnlyList<string> Errors(params (string Key, string? Value)[] settings) => WrittenSettings.Read<Sample>("Sample", settings).Errors;

    private enum Mode
    {
        First,
        Second,
    }

    private sealed class Sample : ISettings
    {
        public string? Text { get; set; }

        public int Number { get; set; } = 7;

        public bool Flag { get; set; }

        public Mode Mode { get; set; }

        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(5);

        public Uri? Address { get; set; }

        public IReadOnlyList<string> Items { get; set; } = [];

        public Inner Nested { get; set; } = new();

        public string ReadOnly => Text + Flag;

        public IEnumerable<string> Validate(string section)
        {
            if (Text == "forbidden")
            {
                yield return $"{section}:Text: is forbidden.";
            }
        }
    }

    private sealed class Inner
    {
        public string? Text { get; set; }
    }
}
