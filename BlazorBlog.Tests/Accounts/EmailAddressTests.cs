namespace BlazorBlog.Accounts;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("jin@example.com", "jin@example.com")]
    [InlineData("  jin@example.com ", "jin@example.com")]
    [InlineData("Jin.Lee+blog@Example.COM", "Jin.Lee+blog@example.com")]
    [InlineData("o'hara!#$%&*/=?^_`{|}~-@example.com", "o'hara!#$%&*/=?^_`{|}~-@example.com")]
    [InlineData("jin@도메인.한국", "jin@xn--hq1bm8jm9l.xn--3e0b707e")]
    [InlineData("진@example.com", "진@example.com")]
    [InlineData("root@localhost", "root@localhost")]
    [InlineData("blog@[127.0.0.1]", "blog@[127.0.0.1]")]
    [InlineData("blog@[IPv6:::1]", "blog@[IPv6:::1]")]
    public void An_address_is_one(string text, string expected)
    {
        Assert.True(EmailAddress.TryParse(text, out var address));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("jin")]
    [InlineData("jin@")]
    [InlineData("@example.com")]
    [InlineData("a@x.com, b@x.com")]
    [InlineData("a b@x.com")]
    [InlineData("a@b@x.com")]
    [InlineData("a..b@x.com")]
    [InlineData(".a@x.com")]
    [InlineData("a.@x.com")]
    [InlineData("a@x..com")]
    [InlineData("a@.com")]
    [InlineData("a@-x.com")]
    [InlineData("a@x_y.com")]
    [InlineData("Jin <jin@x.com>")]
    [InlineData("<jin@x.com>")]
    [InlineData("\"a b\"@x.com")]
    [InlineData("a\r\nb@x.com")]
    [InlineData("a\0@x.com")]
    [InlineData("a\u202Eb@x.com")]
    [InlineData("a\ud800@x.com")]
    [InlineData("a@x.com\r\nRCPT TO:<b@x.com>")]
    [InlineData("a@[999.1.1.1]")]
    [InlineData("a@[evil]")]
    [InlineData("a@[1]")]
    public void Anything_else_is_none(string? text) => Assert.False(EmailAddress.TryParse(text, out _));

    [Fact]
    public void A_local_part_has_at_most_64_octets()
    {
        Assert.True(EmailAddress.TryParse(new string('a', 64) + "@x.com", out _));
        Assert.False(EmailAddress.TryParse(new string('a', 65) + "@x.com", out _));
        Assert.False(EmailAddress.TryParse(new string('가', 22) + "@x.com", out _));
    }

    [Theory]
    [InlineData("jin@example.com", true)]
    [InlineData("root@localhost", false)]
    [InlineData("blog@[127.0.0.1]", false)]
    public void A_public_domain_has_a_dot(string text, bool expected)
    {
        Assert.True(EmailAddress.TryParse(text, out var address));
        Assert.Equal(expected, address.HasPublicDomain);
    }
}
