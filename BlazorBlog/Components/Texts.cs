namespace BlazorBlog.Components;

/// <summary>Names the resources of the pages' texts: the key of each is its English sentence, <c>Texts.ko.resx</c> holds the Korean ones.</summary>
public sealed class Texts;
