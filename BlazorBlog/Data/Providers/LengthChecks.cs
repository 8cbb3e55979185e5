using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace BlazorBlog.Data.Providers;

/// <summary>
/// Makes every greatest length of the model a check constraint. SQLite accepts the length of a column's type and ignores it (SQLite
/// documentation, "Datatypes In SQLite", 3.1), while the other databases refuse what is longer.
/// </summary>
internal sealed class LengthChecks : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var entity in modelBuilder.Metadata.GetEntityTypes())
        {
            foreach (var property in entity.GetDeclaredProperties().Where(property => property.ClrType == typeof(string)))
            {
                if (property.GetMaxLength() is { } length)
                {
                    entity.AddCheckConstraint($"CK_{entity.GetTableName()}_{property.Name}_Length", $"length(\"{property.Name}\") <= {length}");
                }
            }
        }
    }
}
