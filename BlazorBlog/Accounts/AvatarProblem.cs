namespace BlazorBlog.Accounts;

/// <summary>Why an upload does not become a profile picture.</summary>
public enum AvatarProblem
{
    /// <summary>More than <see cref="AvatarImage.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>More than <see cref="AvatarImage.MaxPixels"/>, by its own account.</summary>
    TooManyPixels,

    /// <summary>Not a whole PNG, JPEG, GIF or WebP.</summary>
    NotAPicture,
}
