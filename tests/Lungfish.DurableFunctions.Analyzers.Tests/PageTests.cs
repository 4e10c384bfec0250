using System.Text.RegularExpressions;
using Lungfish.Tests.Shared;

namespace Lungfish.DurableFunctions.Analyzers.Tests;

/// <summary>The examples of the pages for authors compile against the SDK as it is, and break no rule.</summary>
public sealed partial class PageTests
{
    private const string Members =
        """
        public sealed record Verdict(bool Approved);
        public sealed record Receipt(string OrderId);
        private static Task<int> ChargeAsync(Order order, CancellationToken token) => Task.FromResult(order.Total);
        private static async Task<Receipt> HandleAsync(Order order, IDurableContext context)
        {
            await context.WaitAsync(TimeSpan.FromDays(1));
            return new Receipt(order.Id);
        }

        private static Task MailAsync(string callbackId, CancellationToken token) => Task.CompletedTask;
        private static Task RefundAsync(Order order, CancellationToken token) => Task.CompletedTask;
        private static Task ShipAsync(Order order, CancellationToken token) => Task.CompletedTask;
        private static Task<int> StockAsync(CancellationToken token) => Task.FromResult(1);
        """;

    public static TheoryData<string, int> Examples
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var page in Directory.GetFiles(Repository.PathOf("docs/durable-functions"), "*.md"))
            {
                // RuleTests looks at the analyzers' page; what a page says of testing is another package's.
                if (Path.GetFileNameWithoutExtension(page) is not ("analyzers" or "testing"))
                {
                    for (var i = 0; i < ExamplesOf(page).Count; i++)
                    {
                        data.Add(Path.GetFileName(page), i);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Example_OnAPage_CompilesAndBreaksNoRule(string page, int index)
    {
        var example = ExamplesOf(Repository.PathOf($"docs/durable-functions/{page}"))[index];
        var found = example.StartsWith("using ", StringComparison.Ordinal)
            ? await Sources.FindInAsync(example + Generated(example)) // A whole file.
            : await Sources.FindAsync(example, Members);

        Assert.Empty(found);
    }

    /// <summary>What the compiler's JSON generator would write, as far as an example sees it.</summary>
    private static string Generated(string example) => example.Contains("class OrderJson", StringComparison.Ordinal)
        ? """
            public sealed partial class OrderJson() : JsonSerializerContext(null)
            {
                public static OrderJson Default { get; } = new();
                protected override System.Text.Json.JsonSerializerOptions? GeneratedSerializerOptions => null;
                public override System.Text.Json.Serialization.Metadata.JsonTypeInfo? GetTypeInfo(
                    System.Type type) => null;
            }
            """
        : "";

    private static List<string> ExamplesOf(string page) =>
        [.. Example().Matches(File.ReadAllText(page)).Select(match => match.Groups["code"].Value)];

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Example();
}
