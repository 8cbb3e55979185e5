namespace BlazorBlog.Notifications.Sms;

public sealed class SmsFileTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("just a note", "", "just a note")]
    [InlineData("Note: x\n\nmore", "", "Note: x\n\nmore")]
    [InlineData("To: +82101\r\nWhat: ever\r\nLength: many\r\n\r\nHi: there\r\n", "+82101", "Hi: there\n")]
    [InlineData("To: +82101\nTo: +82102\nbroken line\nDate: yesterday\nId: 7\n\n", "+82101", "")]
    public void A_file_written_by_a_person_is_read_as_far_as_it_goes(string content, string to, string text)
    {
        var read = SmsFile.Parse(content, DateTimeOffset.UnixEpoch);
        Assert.Equal((to, text, DateTimeOffset.UnixEpoch, null, null), (read.To, read.Text, read.Date, read.Id, read.Size));
    }
}
