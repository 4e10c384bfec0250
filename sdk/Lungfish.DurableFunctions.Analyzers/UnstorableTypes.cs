using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>Types whose values stand for something of this process: no serializer can bring them back.</summary>
internal sealed class UnstorableTypes
{
    private static readonly string[] s_names =
    [
        "System.Data.Common.DbConnection",
        "System.Data.Common.DbDataReader",
        "System.Data.Common.DbTransaction",
        "System.Delegate",
        "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch",
        "System.IO.Stream",
        "System.IO.TextReader",
        "System.IO.TextWriter",
        "System.IServiceProvider",
        "System.IntPtr",
        "System.Linq.IQueryable",
        "System.Net.Http.HttpContent",
        "System.Net.Http.HttpMessageInvoker",
        "System.Net.Http.HttpResponseMessage",
        "System.Random",
        "System.Reflection.MemberInfo",
        "System.Runtime.InteropServices.SafeHandle",
        "System.Security.Cryptography.RandomNumberGenerator",
        "System.Threading.CancellationToken",
        "System.Threading.CancellationTokenSource",
        "System.Threading.PeriodicTimer",
        "System.Threading.Tasks.Task",
        "System.Threading.Tasks.ValueTask",
        "System.Threading.Tasks.ValueTask`1",
        "System.Threading.Thread",
        "System.Threading.Timer",
        "System.TimeProvider",
        "System.Collections.Generic.IAsyncEnumerable`1",
    ];

    private readonly ImmutableHashSet<ISymbol> _types;

    public UnstorableTypes(Compilation compilation) =>
        _types = s_names.SelectMany(name => compilation.GetTypesByMetadataName(name))
            .ToImmutableHashSet<ISymbol>(SymbolEqualityComparer.Default);

    /// <summary>Whether it is such a type or derived from one.</summary>
    public bool Contains(ITypeSymbol type)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (_types.Contains(at.OriginalDefinition))
            {
                return true;
            }
        }

        return type.AllInterfaces.Any(implemented => _types.Contains(implemented.OriginalDefinition));
    }
}
