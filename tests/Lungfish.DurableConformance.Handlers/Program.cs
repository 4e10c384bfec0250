using System.Text.Json;
using Lungfish.DurableConformance.Handlers;
using Lungfish.DurableFunctions;

// The function's handler is one of these. Most requirements share one function, so that a few processes serve them
// all; those that need several plugins, or a faulty one, have their own.
await DurableFunction.RunAsync(new Dictionary<string, DurableEntryPoint>
{
    ["requirements"] = Requirements(Plugins.ByExecution()),
    ["10-4"] = Requirements(Plugins.Faulty()),
    ["10-5"] = Requirements(Plugins.Lifecycle("CONFPLUGIN-A"), Plugins.Lifecycle("CONFPLUGIN-B")),
    ["10-17"] = Requirements(Plugins.Faulty(), Plugins.Healthy()),
    ["echo"] = Echo(),
    ["tenant"] = Echo(),
    ["napping"] = new DurableEntryPoint<JsonElement, string>(OwnSuite.NapAsync),
    ["failing"] = new DurableEntryPoint<JsonElement, JsonElement>(
        (_, _) => throw new InvalidOperationException("target failed")),
});

static DurableEntryPoint Requirements(params DurableInstrumentationPlugin[] plugins)
{
    var options = new DurableFunctionOptions();
    foreach (var plugin in plugins)
    {
        options.Plugins.Add(plugin);
    }

    Workflows[] suites =
    [
        StepSuite.Workflows, ChildSuite.Workflows, CallbackSuite.Workflows, InvokeSuite.Workflows,
        ConditionSuite.Workflows, ParallelSuite.Workflows, MapSuite.Workflows, PluginSuite.Workflows,
        OwnSuite.Workflows,
    ];
    return new DurableEntryPoint<JsonElement, JsonElement>(
        (input, context) => Workflows.Find(suites, RequirementOf.Execution(context))(input, context), options);
}

static DurableEntryPoint Echo() =>
    new DurableEntryPoint<JsonElement, JsonElement>((input, _) => Task.FromResult(input));
