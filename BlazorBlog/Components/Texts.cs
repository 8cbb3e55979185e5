namespace BlazorBlog.Components;

/// <summary>Names the resources with the blog's texts; their keys are the English sentences.</summary>
public sealed class Texts;
