using System.CommandLine;
using System.Globalization;
using Lungfish.Cli.CommandLine;
using Lungfish.Deployment;
using Lungfish.Deployment.Documents;
using Lungfish.Integrations.Messaging;
using Lungfish.Integrations.S3;
using Lungfish.States.Quotas;

namespace Lungfish.Cli.Settings;

/// <summary>How a server is to run: each setting from its flag, else the environment, else the file, else
/// null.</summary>
internal sealed record ServerSettings
{
    public string? Data { get; init; }

    public IReadOnlyList<string>? Urls { get; init; }

    public string? Account { get; init; }

    public string? Region { get; init; }

    /// <summary>How many days executions are kept after they closed.</summary>
    public double? RetentionDays { get; init; }

    /// <summary>What happens to executions that go past AWS's quotas.</summary>
    public QuotaMode? Quotas { get; init; }

    /// <summary>Null: folders of the data directory play buckets.</summary>
    public S3EndpointOptions? S3 => S3Endpoint is null
        ? null
        : new S3EndpointOptions
        {
            Endpoint = S3Endpoint,
            Region = Region ?? Engine.Identifiers.AwsAccount.Default.Region,
            Credentials = Credentials,
        };

    public Uri? S3Endpoint { get; init; }

    /// <summary>Null: definitions that use SQS are refused.</summary>
    public Uri? SqsEndpoint { get; init; }

    /// <summary>Null: definitions that use SNS are refused.</summary>
    public Uri? SnsEndpoint { get; init; }

    /// <summary>The service at that endpoint; null: there is none.</summary>
    public ServiceEndpointOptions? At(Uri? endpoint) => endpoint is null
        ? null
        : new ServiceEndpointOptions
        {
            Endpoint = endpoint,
            Region = Region ?? Engine.Identifiers.AwsAccount.Default.Region,
            Credentials = Credentials,
        };

    /// <summary>Never from the file: keys do not belong there.</summary>
    public AwsCredentials? Credentials { get; init; }

    /// <summary>Where everything is kept when nobody says where.</summary>
    public const string UsualData = ".lungfish";

    public static readonly Option<string?> DataOption =
        new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = $"where everything is kept; {UsualData} if not given (LUNGFISH_DATA)",
        }.NotEmpty();

    public static readonly Option<string[]> UrlsOption = new("--urls")
    {
        HelpName = "URL",
        Description = $"where to listen, {GlobalOptions.DefaultEndpoint} if not given; loopback only (LUNGFISH_URLS)",
        AllowMultipleArgumentsPerToken = true,
    };

    public static readonly Option<string?> QuotasOption =
        new("--quotas")
        {
            HelpName = "MODE",
            Description = "AWS's quotas: strict (the default), warn or relaxed (LUNGFISH_QUOTAS)",
        };

    public static readonly Option<string?> ConfigOption =
        new Option<string?>("--config")
        {
            HelpName = "FILE",
            Description = "settings as YAML or JSON: data, urls, account, region, retentionDays, quotas, s3Endpoint, "
                + "sqsEndpoint, snsEndpoint (LUNGFISH_CONFIG)",
        }.NotEmpty();

    /// <exception cref="CommandException">A setting is not acceptable.</exception>
    /// <exception cref="DeploymentException">The file is not.</exception>
    public static async Task<ServerSettings> ReadAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var file = context.Get(ConfigOption) ?? Set(context, "LUNGFISH_CONFIG");
        var fromFile = file is null
            ? new ServerSettings()
            : SettingsFile.Read(file, await InputText.ReadFileAsync(file, "--config", cancellationToken));
        var urls = context.Get(UrlsOption) is { Length: > 0 } given
            ? given
            : Set(context, "LUNGFISH_URLS")?.Split(';', ',');
        return new ServerSettings
        {
            Data = context.Get(DataOption) ?? Set(context, "LUNGFISH_DATA") ?? Beside(file, fromFile.Data),
            Urls = urls ?? fromFile.Urls,
            Account = CheckAccount(Set(context, "LUNGFISH_ACCOUNT") ?? fromFile.Account),
            Region = Set(context, "LUNGFISH_REGION") ?? fromFile.Region,
            RetentionDays = CheckRetention(Set(context, "LUNGFISH_RETENTION_DAYS")) ?? fromFile.RetentionDays,
            Quotas = CheckQuotas(context.Get(QuotasOption) ?? Set(context, "LUNGFISH_QUOTAS")) ?? fromFile.Quotas,
            S3Endpoint = CheckEndpoint("S3", Set(context, "LUNGFISH_S3_ENDPOINT")) ?? fromFile.S3Endpoint,
            SqsEndpoint = CheckEndpoint("SQS", Set(context, "LUNGFISH_SQS_ENDPOINT")) ?? fromFile.SqsEndpoint,
            SnsEndpoint = CheckEndpoint("SNS", Set(context, "LUNGFISH_SNS_ENDPOINT")) ?? fromFile.SnsEndpoint,
            Credentials = CredentialsOf(context),
        };
    }

    /// <exception cref="CommandException">It is no address of an endpoint.</exception>
    internal static Uri? CheckEndpoint(string service, string? endpoint) => endpoint switch
    {
        null => null,
        _ when Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri is { UserInfo: "", Query: "", Fragment: "" } => uri,
        _ => throw new CommandException(
            ExitCode.Usage,
            $"\"{endpoint}\" is no {service} endpoint: it must be an http or https address.",
            $"LUNGFISH_{service}_ENDPOINT=http://127.0.0.1:9000"),
    };

    /// <summary>The variables that every AWS SDK reads.</summary>
    private static AwsCredentials? CredentialsOf(CommandContext context) =>
        Set(context, "AWS_ACCESS_KEY_ID") is { } id && Set(context, "AWS_SECRET_ACCESS_KEY") is { } secret
            ? new AwsCredentials(id, secret, Set(context, "AWS_SESSION_TOKEN"))
            : null;

    /// <exception cref="CommandException">It is no way to keep quotas.</exception>
    internal static QuotaMode? CheckQuotas(string? mode) => mode switch
    {
        null => null,
        "strict" => QuotaMode.Strict,
        "warn" => QuotaMode.Warn,
        "relaxed" => QuotaMode.Relaxed,
        _ => throw new CommandException(
            ExitCode.Usage,
            $"\"{mode}\" is no way to keep quotas: strict fails what AWS fails, warn lets it go on and tells, relaxed "
                + "lets it go on.",
            "--quotas warn"),
    };

    /// <exception cref="CommandException">It is no number of days.</exception>
    internal static double? CheckRetention(string? days) => days switch
    {
        null => null,
        // A ten-thousandth of a day is not quite nine seconds.
        _ when double.TryParse(days, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count is >= 0.0001 and <= 36_500 => count,
        _ => throw new CommandException(
            ExitCode.Usage,
            $"\"{days}\" is no retention: executions are kept for 0.0001 to 36500 days after they closed.",
            "LUNGFISH_RETENTION_DAYS=90"),
    };

    /// <summary>A path in a file is meant from where the file is.</summary>
    private static string? Beside(string? file, string? data) =>
        file is null || data is null ? data : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".", data);

    /// <exception cref="CommandException">It is none.</exception>
    internal static string? CheckAccount(string? account) =>
        account is null || (account.Length == 12 && account.All(char.IsAsciiDigit))
            ? account
            : throw new CommandException(
                ExitCode.Usage,
                $"\"{account}\" is no account: an account has 12 digits.",
                "LUNGFISH_ACCOUNT=000000000000");

    private static string? Set(CommandContext context, string variable) =>
        context.Surroundings.Environment(variable) is { Length: > 0 } value ? value : null;
}

/// <summary>Reads a file of settings.</summary>
internal static class SettingsFile
{
    private static readonly IReadOnlyList<string> Known =
        [
            "account", "data", "quotas", "region", "retentionDays", "s3Endpoint", "snsEndpoint",
            "sqsEndpoint", "urls",
        ];

    public static ServerSettings Read(string fileName, string text)
    {
        var root = YamlDocumentReader.Read(fileName, text);
        if (root is not MapNode map)
        {
            throw Refuse(
                fileName, root.Mark, "", "the settings must be a map", "Write lines such as data: /var/lib/lungfish.");
        }

        var settings = new ServerSettings();
        foreach (var entry in map.Entries)
        {
            settings = Checked(fileName, entry, settings);
        }

        return settings;
    }

    /// <summary>What flags and variables are held to, said with its place.</summary>
    private static ServerSettings Checked(string fileName, MapEntry entry, ServerSettings settings)
    {
        try
        {
            return With(fileName, entry, settings);
        }
        catch (CommandException e)
        {
            throw Refuse(fileName, entry.Value.Mark, entry.Key, e.Message.TrimEnd('.'), "Change the value.");
        }
    }

    private static ServerSettings With(string fileName, MapEntry entry, ServerSettings settings)
    {
        string Value() => Text(fileName, entry.Key, entry.Value);
        return entry.Key switch
        {
            "data" => settings with { Data = Value() },
            "urls" => settings with { Urls = Texts(fileName, entry) },
            "account" => settings with { Account = ServerSettings.CheckAccount(Account(Value())) },
            "region" => settings with { Region = Value() },
            "quotas" => settings with { Quotas = ServerSettings.CheckQuotas(Value()) },
            "retentionDays" => settings with { RetentionDays = ServerSettings.CheckRetention(Value()) },
            "s3Endpoint" => settings with { S3Endpoint = ServerSettings.CheckEndpoint("S3", Value()) },
            "snsEndpoint" => settings with { SnsEndpoint = ServerSettings.CheckEndpoint("SNS", Value()) },
            "sqsEndpoint" => settings with { SqsEndpoint = ServerSettings.CheckEndpoint("SQS", Value()) },
            _ => throw Unknown(fileName, entry),
        };
    }

    /// <summary>YAML reads 000000000000 as 0.</summary>
    private static string Account(string value) => value.All(char.IsAsciiDigit) ? value.PadLeft(12, '0') : value;

    private static DeploymentException Unknown(string fileName, MapEntry entry)
    {
        var near = Spelling.Nearest(entry.Key, Known);
        var advice = near is null ? $"Known are: {string.Join(", ", Known)}." : $"Did you mean {near}?";
        return Refuse(fileName, entry.KeyMark, entry.Key, "there is no such setting", advice);
    }

    private static string Text(string fileName, string key, DocumentNode value) => value switch
    {
        ScalarNode { Display: { Length: > 0 } text } => text,
        ScalarNode => throw Refuse(fileName, value.Mark, key, "this is empty", "Write a value."),
        _ => throw Refuse(fileName, value.Mark, key, $"this is {value.Kind}, and must be text", "Change the value."),
    };

    private static IReadOnlyList<string> Texts(string fileName, MapEntry entry) => entry.Value is ListNode list
        ? [.. list.Items.Select(item => Text(fileName, entry.Key, item))]
        : [Text(fileName, entry.Key, entry.Value)];

    private static DeploymentException Refuse(
        string fileName, Mark mark, string key, string message, string whatToDo) =>
        new(fileName, [new Problem(mark, key, message, whatToDo)]);
}
