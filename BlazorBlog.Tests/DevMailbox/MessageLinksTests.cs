namespace BlazorBlog.DevMailbox;

public sealed class MessageLinksTests
{
    [Theory]
    [InlineData("See https://blog.example/a?b=1&c=2.", "https://blog.example/a?b=1&c=2")]
    [InlineData("(http://[::1]:5080/c/x_-)", "http://[::1]:5080/c/x_-")]
    [InlineData("https://blog.example/글/하나!", "https://blog.example/글/하나")]
    [InlineData("HTTPS://blog.example/#comment-1, then", "HTTPS://blog.example/#comment-1")]
    public void A_web_address_becomes_a_link_without_the_sentence_around_it(string text, string address)
    {
        var pieces = MessageLinks.Split(text).ToList();

        Assert.Equal(address, Assert.Single(pieces, piece => piece.Address is not null).Address);
        Assert.Equal(text, string.Concat(pieces.Select(piece => piece.Text)));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://blog.example/x and data:text/html,x")]
    [InlineData("http://")]
    [InlineData("")]
    public void Anything_else_stays_text(string text)
    {
        Assert.DoesNotContain(MessageLinks.Split(text), piece => piece.Address is not null);
    }

    [Fact]
    public void Links_of_html_carry_their_words_and_each_address_comes_once()
    {
        const string html = """
            <a class="b" href="https://blog.example/?a=1&amp;b=2">Read <b>&amp;
              answer</b></a> <a href='https://blog.example/?a=1&amp;b=2'>Again</a>
            <A HREF="https://blog.example/picture"><img src="x.png"></A> <a href="javascript:alert(1)">No</a> <a name="x">No</a>
            """;

        Assert.Equal(
            [new LinkedPiece("Read & answer", "https://blog.example/?a=1&b=2"), new LinkedPiece("https://blog.example/picture", "https://blog.example/picture")],
            MessageLinks.OfHtml(html));
    }

    [Fact]
    public void A_script_address_that_names_a_web_address_is_no_link()
    {
        Assert.Empty(MessageLinks.OfHtml("""<a href="javascript:open('https://blog.example/')">No</a>"""));
    }
}
