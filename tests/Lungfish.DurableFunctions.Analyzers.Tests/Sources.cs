using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lungfish.DurableFunctions.Analyzers.Tests;

/// <summary>Small programs around the lines that a test is about, and what the analyzers say of them.</summary>
internal static class Sources
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        .. typeof(HazardAnalyzer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(type => (DiagnosticAnalyzer)(Activator.CreateInstance(type)
                ?? throw new InvalidOperationException($"{type} was not made."))),
    ];

    public static IReadOnlyList<DiagnosticAnalyzer> Analyzers => s_analyzers;

    /// <summary>All assemblies of this test: the runtime's own, and the SDK.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")?.ToString() ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    // What is added to it shares what was read of the assemblies.
    private static readonly CSharpCompilation s_empty = CSharpCompilation.Create(
        "Sample",
        references: References,
        options: new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>A workflow of these lines, in a class that has <paramref name="members"/> besides.</summary>
    public static string Workflow(string body, string members = "") =>
        $$"""
        using System;
        using System.Collections.Generic;
        using System.Data.Common;
        using System.Diagnostics;
        using System.IO;
        using System.Linq;
        using System.Net.Http;
        using System.Security.Cryptography;
        using System.Text.Json;
        using System.Threading;
        using System.Threading.Tasks;
        using Lungfish.DurableFunctions;

        public sealed class Order
        {
            public string Id { get; set; } = "";
            public int Total { get; set; }
        }

        public sealed partial class Flow(HttpClient http, DbCommand command, TimeProvider clock)
        {
            public async Task<object?> RunAsync(Order input, IDurableContext context)
            {
                {{body}}
                await context.WaitAsync(TimeSpan.FromDays(1));
                return http ?? command ?? (object)clock;
            }

            {{members}}
        }
        """;

    /// <summary>The findings in a workflow of these lines, as <c>id: text</c>, in the order of the text.</summary>
    public static Task<string[]> FindAsync(string body, string members = "") => FindInAsync(Workflow(body, members));

    /// <summary>The findings in a whole file.</summary>
    public static async Task<string[]> FindInAsync(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source);
        var diagnostics = await DiagnosticsAsync(Compile(tree));
        return
        [
            .. diagnostics.OrderBy(found => found.Location.SourceSpan.Start)
                .Select(found => $"{found.Id}: {tree.GetText().ToString(found.Location.SourceSpan)}"),
        ];
    }

    public static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(Compilation compilation)
    {
        AssertCompiles(compilation);
        var run = compilation.WithAnalyzers(s_analyzers, new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            onAnalyzerException: null,
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false,
            reportSuppressedDiagnostics: false));
        var diagnostics = await run.GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(diagnostics, found => found.Id is "AD0001"); // An analyzer threw.
        return diagnostics;
    }

    /// <summary>A test of a source that does not compile would show nothing.</summary>
    public static void AssertCompiles(Compilation compilation) =>
        Assert.Empty(compilation.GetDiagnostics()
            .Where(found => found.Severity is DiagnosticSeverity.Error)
            .Select(found => $"{found}: {found.Location.SourceTree?.GetText().Lines[
                found.Location.GetLineSpan().StartLinePosition.Line]}"));

    private static CSharpCompilation Compile(SyntaxTree tree) => s_empty.AddSyntaxTrees(tree);
}
