using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(BlazorBlog.Support.LongestFirst))]

namespace BlazorBlog.Support;

/// <summary>Begins with the classes that take minutes, so that none of them is left alone at the end while the other processors idle.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["BlazorBlog.Notifications.KillTests", "BlazorBlog.Browser."];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Long.Any(name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) ? 0 : 1)
            .ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];
}
