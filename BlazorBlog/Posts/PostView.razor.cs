using BlazorBlog.Comments.Posting;
using BlazorBlog.Components;
using BlazorBlog.Threads;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorBlog.Posts;

public partial class PostView
{
    /// <summary>The page as the answer to a comment form. Its thread is not live: the reader only corrects the form and sends it again.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="post">The post.</param>
    /// <param name="form">With what was typed, and what is wrong with it.</param>
    /// <param name="answered">The comment that was answered, to be shown wherever in the thread it stands.</param>
    public static RazorComponentResult Result(int status, PostDetails post, CommentFormView form, Guid? answered) =>
        PageResult.Result(status, typeof(PostView), new Dictionary<string, object>
        {
            [nameof(Post)] = post,
            [nameof(Thread)] = StillThread(post, answered),
            [nameof(Form)] = form,
        });

    private static RenderFragment StillThread(PostDetails post, Guid? answered) => builder =>
    {
        builder.OpenComponent<LiveThread>(0);
        builder.AddComponentParameter(1, nameof(LiveThread.PostId), post.Id);
        builder.AddComponentParameter(2, nameof(LiveThread.Sequence), post.ThreadSequence);
        builder.AddComponentParameter(3, nameof(LiveThread.Around), answered);
        builder.CloseComponent();
    };
}
