using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;

namespace BlazorBlog.Notifications.Sms.CoolSms;

public sealed class CoolSmsErrorsTests
{
    [Theory]
    [InlineData("2000")]
    [InlineData("3000")]
    [InlineData("4000")]
    public void Taken_handed_on_and_done_are_accepted(string code) => Assert.Equal(SendOutcome.Accepted, Classify(code).Outcome);

    [Theory]
    [InlineData("1024 2024 3012 3024 3040 3041 3042 3043 3044 3053 3056 3057")]
    public void Passing_trouble_is_transient(string codes) =>
        Assert.All(codes.Split(' '), code => Assert.Equal(SendOutcome.Transient, Classify(code).Outcome));

    [Theory]
    [InlineData("1020 2063", ChannelFault.Authentication)]
    [InlineData("1030 2230", ChannelFault.Quota)]
    [InlineData("1062 2062 3059", ChannelFault.Configuration)]
    public void Account_balance_and_sender_take_the_channel_down(string codes, ChannelFault fault) =>
        Assert.All(codes.Split(' '), code => Assert.Equal((SendOutcome.ChannelDown, fault), (Classify(code).Outcome, Classify(code).Fault)));

    [Theory]
    [InlineData("1060 1061 2060 2061", SuppressionReason.OptedOut)]
    [InlineData("3010 3032 3050", SuppressionReason.Undeliverable)]
    [InlineData(
        "1010 1011 1013 1014 1021 1022 1023 1025 1026 1027 1028 1029 1031 1032 1033 1034 1041 1053 1058 1064 2011 2064 2254 3013 3014 3031 "
        + "3045 3046 3047 3048 3051 3052 3054 3055 3058 3060 3101 3102 3103 3104 3105 3106 3107 3108 9999",
        null)]
    public void Everything_else_is_final(string codes, SuppressionReason? suppress) =>
        Assert.All(codes.Split(' '), code => Assert.Equal((SendOutcome.Permanent, suppress), (Classify(code).Outcome, Classify(code).Suppress)));

    private static SendResult Classify(string code) => CoolSmsErrors.Classify(code, "words");
}
