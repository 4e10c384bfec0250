using System.Text.Json.Nodes;
using Lungfish.DurableConformance.Requirements;
using Lungfish.Tests.Shared;

namespace Lungfish.DurableConformance.Running;

/// <summary>The handlers of all requirements in one language, as functions of a server.</summary>
/// <remarks>A function for each of them would need a process for each. They are one function instead, which tells
/// from the name of the execution which requirement is meant: a few processes serve all of them, warm.</remarks>
internal abstract class HandlerSet
{
    private const string Main = "requirements";
    private const string Tenant = "tenant";

    // Of chained invokes.
    private static readonly string[] s_targets = ["echo", "failing", "napping", Tenant];

    // Their functions have time-outs of their own.
    private static readonly string[] s_timed = ["20-7", "20-8"];

    public static HandlerSet JavaScript { get; } = new JavaScriptHandlers();

    /// <summary>The same, with the client that the SDK makes by itself in place of the one that our runtime gives it:
    /// a requirement of each suite.</summary>
    public static HandlerSet JavaScriptOnAwsSdk { get; } = new JavaScriptOnAwsSdkHandlers();

    public static HandlerSet CSharp { get; } = new CSharpHandlers();

    /// <summary>Several at once in one process, which has them over a channel.</summary>
    public static HandlerSet CSharpAtOnce { get; } = new CSharpAtOnceHandlers();

    public abstract string Language { get; }

    /// <summary>Tells sets of one language apart.</summary>
    public virtual string Name => Language;

    /// <summary>The requirements that the language's SDK can express.</summary>
    public virtual IEnumerable<Requirement> Requirements =>
        RequirementFiles.Wanted.Where(requirement => !Inexpressible.Has(Language, requirement.Id));

    protected abstract string Runtime { get; }

    /// <summary>Requirements that cannot share a function with the others.</summary>
    protected virtual IReadOnlyList<string> Alone => s_timed;

    /// <summary>Targets of chained invokes that are not durable.</summary>
    protected virtual IReadOnlyList<string> PlainTargets => [];

    /// <summary>How many requirements one process runs at once; null: one, without the setting for it.</summary>
    protected virtual int? AtOnce => null;

    /// <summary>What all of its functions find in their environment.</summary>
    protected virtual JsonObject Variables => [];

    /// <summary>The function that serves a requirement.</summary>
    public string FunctionOf(string requirement) => NameOf(Alone.Contains(requirement) ? requirement : Main);

    /// <summary>Makes the functions; those of the requirements know the targets of chained invokes.</summary>
    public async Task DeployAsync(LambdaApi api)
    {
        var package = Pack();
        var environment = Variables;
        foreach (var target in (string[])[.. s_targets, .. PlainTargets])
        {
            var created = await api.CreateFunctionAsync(Configure(target, package, Variables));
            environment[$"{target.ToUpperInvariant()}_FUNCTION"] =
                $"{created["FunctionArn"]?.GetValue<string>()}:$LATEST";
        }

        foreach (var handler in (string[])[Main, .. Alone])
        {
            _ = await api.CreateFunctionAsync(Configure(handler, package, environment.DeepClone().AsObject()));
        }
    }

    protected abstract string Pack();

    protected abstract string HandlerOf(string name);

    private string NameOf(string handler) => $"conformance-{Name}-{handler}";

    private JsonObject Configure(string handler, string package, JsonObject environment)
    {
        var function = new JsonObject
        {
            ["FunctionName"] = NameOf(handler),
            ["Runtime"] = Runtime,
            ["Role"] = "arn:aws:iam::000000000000:role/conformance",
            ["Handler"] = HandlerOf(handler),
            ["Code"] = new JsonObject { ["ZipFile"] = package },
            ["Timeout"] = 60,
            ["MemorySize"] = 256,
            ["Environment"] = new JsonObject { ["Variables"] = environment },
            ["LoggingConfig"] = new JsonObject { ["LogFormat"] = "JSON", ["ApplicationLogLevel"] = "INFO" },
            ["DurableConfig"] = new JsonObject { ["ExecutionTimeout"] = 300, ["RetentionPeriodInDays"] = 7 },
        };
        switch (handler)
        {
            case Main when AtOnce is { } count:
                function["CapacityProviderConfig"] = new JsonObject
                {
                    ["LambdaManagedInstancesCapacityProviderConfig"] = new JsonObject
                    {
                        ["CapacityProviderArn"] = "arn:aws:lambda:us-east-1:000000000000:capacity-provider:any",
                        ["PerExecutionEnvironmentMaxConcurrency"] = count,
                    },
                };
                break;
            case Tenant:
                function["TenancyConfig"] = new JsonObject { ["TenantIsolationMode"] = "PER_TENANT" };
                break;
            case "20-7":
                function["DurableConfig"] = new JsonObject { ["ExecutionTimeout"] = 10 };
                break;
            case "20-8":
                function["Timeout"] = 5;
                break;
            case var plain when PlainTargets.Contains(plain):
                _ = function.Remove("DurableConfig");
                break;
        }

        return function;
    }

    /// <summary>Handlers on the official SDK: those beside the requirements, and ours for the rest.</summary>
    private class JavaScriptHandlers : HandlerSet
    {
        private static readonly string s_folder = Repository.PathOf(Path.Combine("tests", "js"));

        public override string Language => "javascript";

        protected override string Runtime => "nodejs22.x";

        protected override IReadOnlyList<string> PlainTargets => ["plain", "plainFailing"];

        // An export cannot be named after a number.
        protected override string HandlerOf(string name) => $"index.{(s_timed.Contains(name) ? Main : name)}";

        protected override string Pack()
        {
            using var package = new FunctionPackage();
            package.AddFolder(Path.Combine(s_folder, "durable"), "", _ => true);
            package.AddFolder(
                RequirementFiles.JavaScriptFolder ?? throw new InvalidOperationException("No requirements."),
                "given",
                _ => true);
            package.AddFolder(Path.Combine(s_folder, "node_modules"), "node_modules", IsWanted);
            return package.ToBase64();
        }

        /// <summary>What Node loads of the packages that the SDK needs.</summary>
        private static bool IsWanted(string name) =>
            !name.StartsWith("@aws-sdk/client-sfn/", StringComparison.Ordinal)
            && !name.Contains("/dist-types/", StringComparison.Ordinal)
            && Path.GetExtension(name) is ".js" or ".cjs" or ".mjs" or ".json";
    }

    private sealed class JavaScriptOnAwsSdkHandlers : JavaScriptHandlers
    {
        public override string Name => "awssdk";

        public override IEnumerable<Requirement> Requirements =>
            base.Requirements.GroupBy(requirement => requirement.Suite).Select(suite => suite.First());

        protected override JsonObject Variables => new() { ["LUNGFISH_DURABLE_CLIENT"] = "sdk" };
    }

    private sealed class CSharpAtOnceHandlers : CSharpHandlers
    {
        // They end their process, and with it all that it runs.
        private static readonly string[] s_exiting = ["1-17", "1-18", "3-12"];

        public override string Name => "csharp-at-once";

        // The plugin of those on plugins remembers one execution.
        public override IEnumerable<Requirement> Requirements => base.Requirements.Where(
            requirement => requirement.Suite != "plugin" && !s_exiting.Contains(requirement.Id));

        protected override int? AtOnce => 16;
    }

    /// <summary>Handlers on our own SDK: one program, as a user deploys it.</summary>
    private class CSharpHandlers : HandlerSet
    {
        private const string Program = "Lungfish.DurableConformance.Handlers";

        public override string Language => "csharp";

        protected override string Runtime => "provided.al2023";

        protected override string HandlerOf(string name) => s_timed.Contains(name) ? Main : name;

        // Plugins belong to a function; these ask for several, or for one that throws.
        protected override IReadOnlyList<string> Alone => ["10-4", "10-5", "10-17", .. s_timed];

        protected override string Pack()
        {
            var build = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", Program, build));
            using var package = new FunctionPackage();
            package.AddFolder(folder, "", name => Path.GetExtension(name) is ".dll" or ".json");
            package.AddFile(Path.Combine(folder, Program), "bootstrap");
            return package.ToBase64();
        }
    }
}
