using Microsoft.Extensions.Configuration;

namespace BlazorBlog.Hosting;

public sealed class SettingsReaderTests
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
    public void A_wrong_value_is_reported_with_its_key(string key, string value)
    {
        var exception = Assert.Throws<SettingsException>(() => Read((key, value)));

        Assert.StartsWith($"{key}:", Assert.Single(exception.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_where_a_value_belongs_is_reported()
    {
        var exception = Assert.Throws<SettingsException>(() => Read(("Sample:Number:Deep", "8")));

        Assert.StartsWith("Sample:Number:", Assert.Single(exception.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_given_both_ways_at_once_is_reported_because_one_of_them_would_be_ignored()
    {
        var exception = Assert.Throws<SettingsException>(() => Read(("Sample:Items", "a"), ("Sample:Items:0", "b")));

        Assert.StartsWith("Sample:Items:", Assert.Single(exception.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_of_the_sections_own_name_is_somebody_elses()
    {
        // EMAIL is set in the environment of many people, for other programs.
        Assert.Equal(7, Read(("Sample", "me@example.com")).Number);
    }

    [Fact]
    public void All_mistakes_are_reported_together()
    {
        var exception = Assert.Throws<SettingsException>(() => Read(("Sample:Number", "x"), ("Sample:Flag", "x"), ("Sample:Text", "forbidden")));

        Assert.Equal(3, exception.Errors.Count);
        Assert.All(["Sample:Number", "Sample:Flag", "Sample:Text"], key => Assert.Contains(key, exception.Message, StringComparison.Ordinal));
    }

    private static Sample Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var reader = new SettingsReader(configuration);
        var sample = reader.Read<Sample>("Sample");
        reader.ThrowIfWrong();
        return sample;
    }

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
