using System.Collections.Immutable;

namespace BlazorBlog.Threads;

/// <summary>The comments of the bare page, as markup, and the plain event its circuits listen to.</summary>
internal sealed class BareThread(IEnumerable<string> comments)
{
    private ImmutableArray<string> _comments = [.. comments];

    public event Action? Changed;

    public ImmutableArray<string> Comments => _comments;

    public void Add(string comment)
    {
        ImmutableInterlocked.Update(ref _comments, comments => comments.Add(comment));
        Changed?.Invoke();
    }
}
