namespace BlazorBlog.Notifications.Sms;

/// <summary>What became of a call for several recipients.</summary>
/// <param name="GroupId">The provider's id of the call, where it has one.</param>
/// <param name="Results">One per message, in the order given.</param>
public sealed record SmsBatchResult(string? GroupId, IReadOnlyList<SendResult> Results)
{
    public int SuccessCount => Results.Count(result => result.Outcome == SendOutcome.Accepted);

    public int ErrorCount => Results.Count - SuccessCount;

    /// <summary>Code and text of each message that was not accepted, with its position.</summary>
    public IReadOnlyList<(int Index, string? Code, string? Text)> Errors =>
    [
        .. Results
            .Select((result, index) => (result, index))
            .Where(x => x.result.Outcome != SendOutcome.Accepted)
            .Select(x => (x.index, x.result.Code, x.result.Text)),
    ];
}
