using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Json;

namespace Lungfish.Cli.Commands;

/// <summary><c>machine test-state</c>: asks the server's TestState, and shows every step of the state's data.</summary>
internal sealed class TestStateCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "a definition (JSON) of one state, or with --state of a machine",
    };

    private readonly Option<string?> _state = new("--state")
    {
        HelpName = "NAME",
        Description = "the state of the machine in FILE that is tested",
    };

    private readonly Option<string?> _input = Json("--input", "-i", "the state's input ({} if not given)");

    private readonly Option<string?> _result = Json("--result", "-r", "what its work gives, in place of doing it");

    private readonly Option<string?> _error = new("--error")
    {
        HelpName = "NAME",
        Description = "the error that its work fails with, in place of doing it",
    };

    private readonly Option<string?> _cause = new("--cause")
    {
        HelpName = "TEXT",
        Description = "the cause of --error",
    };

    private readonly Option<string?> _variables = Json("--variables", null, "the variables that are set before");

    private readonly Option<string?> _context = Json("--context", null, "the context object, if mocked");

    private readonly Option<int?> _retries = new Option<int?>("--retries")
    {
        HelpName = "N",
        Description = "how many retries were made before",
    }.From(0, int.MaxValue);

    private readonly Option<string?> _validation = new("--validation")
    {
        HelpName = "MODE",
        Description = "how --result is compared with what the service answers: STRICT, PRESENT or NONE",
    };

    private TestStateCommand()
    {
    }

    public static Command Create(Surroundings surroundings)
    {
        var options = new TestStateCommand();
        var command = new DocumentedCommand("test-state", "Tests one state, with its work done or mocked.")
        {
            Examples =
            [
                "lungfish machine test-state order.asl.json --state IsLarge --input '{\"total\": 450}'",
                "lungfish machine test-state order.asl.json --state Charge --result '{\"Payload\": {\"paid\": true}}'",
                "lungfish machine test-state task.json --error Declined --retries 2",
            ],
            Arguments = { options._file },
            Options =
            {
                options._state, options._input, options._result, options._error, options._cause, options._variables,
                options._context, options._retries, options._validation,
            },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var request = await options.ReadAsync(context, cancellationToken);
            return Show(await context.Client.TestStateAsync(request, cancellationToken), context.Output);
        });
        return command;
    }

    private async Task<JsonObject> ReadAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var definition = await ReadDefinitionAsync(context.Get(_file), cancellationToken);
        var request = JsonObject.Of(
            ("definition", definition), ("roleArn", LungfishClient.Role), ("inspectionLevel", "TRACE"));
        request = With(request, "stateName", context.Get(_state));
        request = With(request, "input", await JsonAsync(_input));
        request = With(request, "variables", await JsonAsync(_variables));
        request = With(request, "context", await JsonAsync(_context));
        var mock = With(
            With(JsonObject.Empty, "result", await JsonAsync(_result)),
            "fieldValidationMode",
            context.Get(_validation));
        if (context.Get(_error) is { } error)
        {
            mock = mock.With("errorOutput", With(JsonObject.Of("error", error), "cause", context.Get(_cause)));
        }

        request = mock.Count > 0 ? request.With("mock", mock) : request;
        return context.Get(_retries) is { } retries
            ? request.With("stateConfiguration", JsonObject.Of("retrierRetryCount", retries))
            : request;

        async Task<string?> JsonAsync(Option<string?> option) => context.Get(option) is { } given
            ? await InputText.ReadJsonAsync(given, option.Name, context.Surroundings, cancellationToken)
            : null;
    }

    private static async Task<string> ReadDefinitionAsync(string file, CancellationToken cancellationToken) =>
        InputText.RequireJson(
            await InputText.ReadFileAsync(file, "FILE", cancellationToken),
            $"What is in {file}",
            $"lungfish machine validate {file}");

    private static ExitCode Show(JsonObject answer, Output output)
    {
        var status = answer.Required("status");
        if (output.Format == OutputFormat.Json)
        {
            output.Json(answer);
            return CodeOf(status);
        }

        output.Data.Write(status, Statuses.StyleOf(status));
        output.Data.Line(answer["nextState"] is JsonString next ? $"  next {next.Value}" : "", Style.Dim);
        foreach (var (name, value) in answer["inspectionData"] as JsonObject ?? JsonObject.Empty)
        {
            Line(name, value, output);
        }

        foreach (var name in (string[])["error", "cause", "output"])
        {
            if (answer[name] is { } value)
            {
                Line(name, value, output);
            }
        }

        return CodeOf(status);
    }

    private static void Line(string name, JsonValue value, Output output)
    {
        output.Data.Write($"  {name,-20} ", Style.Dim);
        output.Data.Line((value as JsonString)?.Value ?? value.ToText());
    }

    private static ExitCode CodeOf(string status) => status == "FAILED" ? ExitCode.Failed : ExitCode.Ok;

    private static JsonObject With(JsonObject json, string name, string? value) =>
        value is null ? json : json.With(name, value);

    private static Option<string?> Json(string name, string? alias, string description) =>
        new(name, alias is null ? [] : [alias])
        {
            HelpName = "JSON",
            Description = $"{description}: JSON, @file, or - for standard input",
        };
}
