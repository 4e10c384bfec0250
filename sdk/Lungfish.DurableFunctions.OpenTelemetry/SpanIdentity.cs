using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Lungfish.DurableFunctions.OpenTelemetry;

/// <summary>Ids that follow from an execution's ARN, so that all its invocations agree on them.</summary>
internal static class SpanIdentity
{
    public static ActivityTraceId TraceOf(string executionArn) =>
        ActivityTraceId.CreateFromBytes(Hash(executionArn, "trace")[..16]);

    /// <summary>The span of the execution as a whole.</summary>
    public static ActivitySpanId ExecutionOf(string executionArn) =>
        ActivitySpanId.CreateFromBytes(Hash(executionArn, "execution")[..8]);

    public static ActivitySpanId OperationOf(string executionArn, string operationId) =>
        ActivitySpanId.CreateFromBytes(Hash(executionArn, "operation:" + operationId)[..8]);

    /// <summary>Decides by the trace id, so that a trace is kept as a whole or not at all.</summary>
    public static ActivityTraceFlags Sample(string executionArn, double ratio)
    {
        var draw = BinaryPrimitives.ReadUInt64BigEndian(Hash(executionArn, "sample")) / (double)ulong.MaxValue;
        return draw < ratio || ratio >= 1 ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None;
    }

    /// <summary>Gives a started activity the id that its children, perhaps elsewhere, name as their parent.</summary>
    /// <remarks>
    /// .NET draws span ids itself and has no public way to choose one; exporters read the id when the activity has
    /// ended. Where a runtime keeps the id elsewhere, the span keeps the drawn one, and its children share its trace
    /// only.
    /// </remarks>
    public static void Assign(Activity activity, ActivitySpanId id)
    {
        try
        {
            SpanId(activity) = id.ToHexString();
            Id(activity) = null; // The text of both ids is put together anew when it is next asked for.
        }
        catch (MissingFieldException)
        {
            // A runtime with other fields. PluginTests fails there first.
        }
    }

    private static byte[] Hash(string executionArn, string purpose) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}\n{executionArn}"));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanId(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_id")]
    private static extern ref string? Id(Activity activity);
}
