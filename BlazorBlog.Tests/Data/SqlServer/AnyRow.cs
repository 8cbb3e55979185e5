using System.Collections;
using System.Data.Common;

namespace BlazorBlog.Data.SqlServer;

/// <summary>One row that has every column, of whatever type is asked for: enough for a service to go on to its next statement.</summary>
/// <param name="columns">Their names, in the statement's order.</param>
/// <param name="values">What stands in them.</param>
/// <param name="hasRow">Whether there is the row.</param>
/// <param name="isTrue">What stands in a column that answers a question.</param>
internal sealed class AnyRow(IReadOnlyList<string> columns, AnyValues values, bool hasRow, bool isTrue) : DbDataReader
{
    /// <summary>More than the statements of any one batch. Not without end: a strategy that retries reads all results before it gives out the first.</summary>
    private const int MostResults = 50;

    private bool _read;
    private int _results = 1;

    public override int FieldCount => columns.Count;

    public override bool HasRows => hasRow;

    public override int Depth => 0;

    public override bool IsClosed => false;

    public override int RecordsAffected => 1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read()
    {
        var first = !_read;
        _read = true;
        return first && hasRow;
    }

    public override bool NextResult()
    {
        _read = false;
        return ++_results <= MostResults;
    }

    public override bool IsDBNull(int ordinal) => values.Nulls.Contains(columns[ordinal]);

    public override string GetName(int ordinal) => columns[ordinal];

    public override int GetOrdinal(string name) => columns.ToList().IndexOf(name);

    public override T GetFieldValue<T>(int ordinal) => typeof(T) == typeof(DateTimeOffset) ? (T)(object)values.Timestamp
        : typeof(T) == typeof(byte[]) ? (T)(object)Array.Empty<byte>()
        : base.GetFieldValue<T>(ordinal);

    public override Guid GetGuid(int ordinal) => values.Id;

    public override string GetString(int ordinal) => values.Text;

    public override bool GetBoolean(int ordinal) => isTrue;

    public override byte GetByte(int ordinal) => 1;

    public override short GetInt16(int ordinal) => 1;

    public override int GetInt32(int ordinal) => values.Numbers.GetValueOrDefault(columns[ordinal], values.Number);

    public override long GetInt64(int ordinal) => values.Number;

    public override DateTime GetDateTime(int ordinal) => values.Timestamp.UtcDateTime;

    public override decimal GetDecimal(int ordinal) => 1;

    public override double GetDouble(int ordinal) => 1;

    public override float GetFloat(int ordinal) => 1;

    public override object GetValue(int ordinal) => values.Text;

    public override char GetChar(int ordinal) => values.Text[0];

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => 0;

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => 0;

    public override string GetDataTypeName(int ordinal) => "sql_variant";

    public override Type GetFieldType(int ordinal) => typeof(object);

    public override int GetValues(object[] values) => 0;

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();
}
