using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace Lungfish.DurableFunctions.Analyzers.Tests;

/// <summary>Applies code fixes as an editor does.</summary>
internal static class Fixes
{
    private static readonly CodeFixProvider[] s_providers =
    [
        .. typeof(CodeFixes.AddAwaitFix).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract)
            .Select(type => (CodeFixProvider)(Activator.CreateInstance(type)
                ?? throw new InvalidOperationException($"{type} was not made."))),
    ];

    public static IReadOnlyList<CodeFixProvider> Providers => s_providers;

    /// <summary>Fixes the first finding of a rule in a workflow; gives its whole text, which compiles.</summary>
    public static async Task<string> ApplyAsync(string rule, string body, string members = "")
    {
        var (document, actions) = await OffersAsync(rule, body, members);
        var operations = await Assert.Single(actions).GetOperationsAsync(CancellationToken.None);
        var changed = Assert.IsType<ApplyChangesOperation>(Assert.Single(operations)).ChangedSolution;
        var project = changed.GetProject(document.Project.Id);
        var compilation = project is null ? null : await project.GetCompilationAsync();
        Assert.NotNull(compilation);
        Sources.AssertCompiles(compilation);
        Assert.DoesNotContain(
            await Sources.DiagnosticsAsync(compilation), found => found.Id == rule); // The fix has mended it.
        var text = changed.GetDocument(document.Id) is { } fixedDocument ? await fixedDocument.GetTextAsync() : null;
        return text?.ToString() ?? "";
    }

    /// <summary>What is offered for the first finding of a rule.</summary>
    public static async Task<(Document Document, IReadOnlyList<CodeAction> Actions)> OffersAsync(
        string rule, string body, string members = "")
    {
        var workspace = new AdhocWorkspace();
        var project = workspace.CurrentSolution
            .AddProject("Sample", "Sample", LanguageNames.CSharp)
            .WithMetadataReferences(Sources.References)
            .WithCompilationOptions(new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var document = project.AddDocument("Flow.cs", Sources.Workflow(body, members));
        var compilation = await document.Project.GetCompilationAsync();
        Assert.NotNull(compilation);
        var found = (await Sources.DiagnosticsAsync(compilation))
            .Where(found => found.Id == rule)
            .OrderBy(found => found.Location.SourceSpan.Start)
            .ToList();
        Assert.NotEmpty(found);

        var actions = new List<CodeAction>();
        foreach (var provider in s_providers.Where(provider => provider.FixableDiagnosticIds.Contains(rule)))
        {
            await provider.RegisterCodeFixesAsync(new CodeFixContext(
                document, found[0], (action, _) => actions.Add(action), CancellationToken.None));
        }

        return (document, actions);
    }
}
