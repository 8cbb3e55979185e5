namespace BlazorBlog.Comments;

/// <summary>The comment form as a request brought it. Fields are read as text, so that every mistake is answered in the form and none by the framework.</summary>
public sealed record PostedForm(CommentDraft Draft, string Website, string RenderedAt, bool TooLarge)
{
    /// <summary>Enough for the longest comment and every field around it, several times over, in bytes.</summary>
    private const long LargestBody = 4 * 1024 * 1024;

    private static readonly PostedForm Empty = new(new CommentDraft(), "", "", TooLarge: false);

    public static async Task<PostedForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (form, tooLarge) = await ReadFieldsAsync(request, cancellationToken);
        if (tooLarge)
        {
            return Empty with { TooLarge = true };
        }

        string Field(string name) => form[name].FirstOrDefault() ?? "";
        var draft = new CommentDraft
        {
            Name = Field(nameof(CommentDraft.Name)),
            Email = Field(nameof(CommentDraft.Email)),
            Body = Field(nameof(CommentDraft.Body)),
            ParentId = Field(nameof(CommentDraft.ParentId)),
            IdempotencyKey = Field(nameof(CommentDraft.IdempotencyKey)),
            NotifyReplies = Field(nameof(CommentDraft.NotifyReplies)),
        };
        return new PostedForm(draft, Field("Website"), Field("RenderedAt"), TooLarge: false);
    }

    /// <returns>No fields where there is no form that can be read.</returns>
    public static async Task<(IFormCollection Fields, bool TooLarge)> ReadFieldsAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            return (FormCollection.Empty, false);
        }

        if (request.ContentLength > LargestBody)
        {
            return (FormCollection.Empty, true);
        }

        try
        {
            return (await request.ReadFormAsync(cancellationToken), false);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (FormCollection.Empty, true);
        }
        catch (InvalidDataException)
        {
            // Who says how much is coming, and means little enough, wrote something that is no form.
            return (FormCollection.Empty, request.ContentLength is null);
        }
        catch (IOException)
        {
            // A multipart form that breaks off.
            return (FormCollection.Empty, false);
        }
    }
}
