namespace BlazorBlog.Comments.Posting;

/// <summary>Reads the comment form of a request. Fields are read as text, so that every mistake is answered in the form and none by the framework.</summary>
public static class PostedForm
{
    /// <summary>Enough for the longest comment and every field around it, several times over, in bytes.</summary>
    private const long LargestBody = 4 * 1024 * 1024;

    /// <returns>Null when the request is too large to be read.</returns>
    public static async Task<CommentDraft?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (form, tooLarge) = await ReadFieldsAsync(request, cancellationToken);
        string Field(string name) => form[name].FirstOrDefault() ?? "";
        return tooLarge ? null : new CommentDraft
        {
            Name = Field(nameof(CommentDraft.Name)),
            Email = Field(nameof(CommentDraft.Email)),
            Body = Field(nameof(CommentDraft.Body)),
            ParentId = Field(nameof(CommentDraft.ParentId)),
            IdempotencyKey = Field(nameof(CommentDraft.IdempotencyKey)),
            NotifyReplies = Field(nameof(CommentDraft.NotifyReplies)),
            Website = Field(nameof(CommentDraft.Website)),
            RenderedAt = Field(nameof(CommentDraft.RenderedAt)),
        };
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
            // A Content-Length within the limit rules out "too large", so the body is not a valid form.
            return (FormCollection.Empty, request.ContentLength is null);
        }
        catch (IOException)
        {
            // A multipart form that breaks off.
            return (FormCollection.Empty, false);
        }
    }
}
