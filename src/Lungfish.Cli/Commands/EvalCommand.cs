using System.CommandLine;
using System.Security.Cryptography;
using Lungfish.Cli.CommandLine;
using Lungfish.Deployment;
using Lungfish.Json;

namespace Lungfish.Cli.Commands;

/// <summary>Tries an expression on some JSON, without a server.</summary>
internal static class EvalCommand
{
    private static readonly Argument<string> Expression = new("EXPRESSION")
    {
        Description = "JSONata or a JSONPath; @file reads it from a file",
    };

    private static readonly Option<bool> JsonPath = new("--jsonpath")
    {
        Description = "a path of the Amazon States Language, or a call such as States.Format('{}', $.name)",
    };

    private static readonly Option<bool> Jsonata = new("--jsonata")
    {
        Description = "JSONata, which is assumed unless the expression calls States.…",
    };

    private static readonly Option<string?> Input = new("--input", "-i")
    {
        HelpName = "FILE|JSON|-",
        Description = "what $ reads; else standard input, if that is no terminal",
    };

    private static readonly Option<string[]> Variables = new("--var")
    {
        HelpName = "NAME=JSON",
        Description = "what $NAME reads; may be repeated",
    };

    private static readonly Option<bool> StepFunctions = new("--step-functions")
    {
        Description = "JSONata as Step Functions runs it; the input is $states.input as well",
    };

    private static readonly Option<bool> Raw = new("--raw", "-r")
    {
        Description = "writes a text without its quotes",
    };

    private static readonly Option<bool> Compact = new("--compact", "-c")
    {
        Description = "writes one line",
    };

    public static Command Create(Surroundings surroundings)
    {
        var command = new DocumentedCommand("eval", "Evaluates a JSONata expression or a JSONPath on some JSON.")
        {
            Examples =
            [
                "lungfish eval '$sum(items.(price * quantity))' --input order.json",
                "curl -s localhost:8083/api/info | lungfish eval --raw version",
                "lungfish eval --step-functions '{% $states.input.total > $limit %}' -i '{\"total\": 5}' --var limit=3",
                "lungfish eval --jsonpath '$.items[?(@.price > 10)]' --input order.json",
            ],
            Arguments = { Expression },
            Options = { Input, Variables, Raw, Compact, Jsonata, JsonPath, StepFunctions },
        };
        command.Runs(surroundings, RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Get(JsonPath) && (context.Get(Jsonata) || context.Get(StepFunctions)))
        {
            throw new CommandException(ExitCode.Usage, "An expression is JSONata or a JSONPath, not both.");
        }

        var text = context.Get(Expression) is ['@', .. var file]
            ? (await InputText.ReadFileAsync(file, "EXPRESSION", cancellationToken)).TrimEnd('\r', '\n')
            : context.Get(Expression);
        var input = await ReadInputAsync(context, cancellationToken);
        var variables = (context.Get(Variables) ?? []).Select(ParseVariable).ToList();
        var isPath = context.Get(JsonPath) ||
            (!context.Get(Jsonata) && text.StartsWith("States.", StringComparison.Ordinal));
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var answer = isPath
            ? ExpressionRunner.RunPath(text, input ?? JsonObject.Empty, variables, seed)
            : ExpressionRunner.RunJsonata(
                text, input, variables, context.Get(StepFunctions), context.Output.Now, seed);
        return Write(answer, context);
    }

    private static ExitCode Write(Answer answer, CommandContext context)
    {
        if (answer.Problem is { } problem)
        {
            context.Output.Error(problem.Sentence, []);
            foreach (var line in problem.Excerpt)
            {
                context.Output.Talk.Line($"  {line}");
            }

            return ExitCode.Usage;
        }

        if (answer.Value is not { } value)
        {
            context.Output.Say("undefined: the expression found nothing");
            return ExitCode.Failed;
        }

        context.Surroundings.Out.WriteLine(value switch
        {
            JsonString text when context.Get(Raw) => text.Value,
            _ when context.Get(Compact) => value.ToText(),
            _ => IndentedJson.Write(value),
        });
        return ExitCode.Ok;
    }

    /// <summary>The input: JSON as it is, a file's, or that of standard input; null if there is none.</summary>
    private static async Task<JsonValue?> ReadInputAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var surroundings = context.Surroundings;
        var given = context.Get(Input);
        if (given is null && surroundings.InIsTerminal)
        {
            return null;
        }

        if (given is null or "-")
        {
            var text = await InputText.ReadStandardInputAsync(surroundings, cancellationToken);
            return given is null && string.IsNullOrWhiteSpace(text) ? null : Parse(text, "standard input");
        }

        if (!given.StartsWith('@') && File.Exists(given))
        {
            return Parse(await InputText.ReadFileAsync(given, "--input", cancellationToken), given);
        }

        if (IsNameOfFile(given))
        {
            throw new CommandException(ExitCode.Usage, $"There is no file '{given}', and it is no JSON.");
        }

        return JsonValue.Parse(await InputText.ReadJsonAsync(given, "--input", surroundings, cancellationToken));
    }

    /// <summary>JSON with a slash or a point has a quote or a bracket too, or is a number.</summary>
    private static bool IsNameOfFile(string given) =>
        !given.StartsWith('@') && given.AsSpan().IndexOfAny("/\\.") >= 0 && given.AsSpan().IndexOfAny("\"[{") < 0
        && !char.IsAsciiDigit(given[^1]);

    private static KeyValuePair<string, JsonValue> ParseVariable(string given)
    {
        var sign = given.IndexOf('=', StringComparison.Ordinal);
        var name = sign < 0 ? "" : given[..sign].TrimStart('$');
        return name.Length > 0
            ? new(name, Parse(given[(sign + 1)..], $"--var {name}"))
            : throw new CommandException(
                ExitCode.Usage, $"\"{given}\" names no variable.", "--var limit=3", "--var name='\"text\"'");
    }

    private static JsonValue Parse(string text, string what)
    {
        try
        {
            return JsonValue.Parse(text);
        }
        catch (JsonParseException e)
        {
            throw new CommandException(
                ExitCode.Usage, $"What {what} gives is no JSON (line {e.Line}, column {e.Column}).");
        }
    }
}
