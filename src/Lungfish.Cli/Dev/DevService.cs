using System.Collections.Immutable;
using Lungfish.Cli.CommandLine;
using Lungfish.Deployment;
using Lungfish.Deployment.CloudFormation;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Serverless;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Cli.Dev;

internal enum DevFormat
{
    Serverless,
    Template,
    CloudAssembly,
}

/// <summary>What the command line says beside the path.</summary>
internal sealed record DevChoices(
    string? Stage, ImmutableDictionary<string, string> Parameters, Func<string, string?> Environment);

/// <summary>The application in a folder: its serverless.yml, template or cloud assembly, read anew for each
/// deployment.</summary>
internal sealed class DevService
{
    private const string Manifest = "manifest.json";
    private const string AssemblyFolder = "cdk.out";
    private const string BareDefinition = ".asl.json";

    private static readonly ImmutableArray<(string Name, DevFormat Format)> Names =
    [
        ("serverless.yml", DevFormat.Serverless),
        ("serverless.yaml", DevFormat.Serverless),
        ("template.yaml", DevFormat.Template),
        ("template.yml", DevFormat.Template),
        ("template.json", DevFormat.Template),
        (Manifest, DevFormat.CloudAssembly),
        ($"{AssemblyFolder}/{Manifest}", DevFormat.CloudAssembly),
    ];

    private readonly string _file;
    private readonly DevFormat _format;
    private readonly DevChoices _choices;

    private DevService(string folder, string file, DevFormat format, DevChoices choices)
    {
        Folder = folder;
        _file = file;
        _format = format;
        _choices = choices;
    }

    public string Folder { get; }

    /// <exception cref="CommandException">There is nothing to deploy in the folder.</exception>
    public static DevService Find(string path, DevChoices choices)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (ProjectOf(full) is { } project)
        {
            return new DevService(project, $"{AssemblyFolder}/{Manifest}", DevFormat.CloudAssembly, choices);
        }

        if (File.Exists(full))
        {
            if (full.EndsWith(BareDefinition, StringComparison.Ordinal))
            {
                throw Bare($"{path} is a bare definition", path);
            }

            return new DevService(Path.GetDirectoryName(full) ?? full, Path.GetFileName(full), FormatOf(full), choices);
        }

        if (!Directory.Exists(full))
        {
            throw new CommandException(
                ExitCode.NotFound,
                $"There is no folder {path}.",
                "lungfish dev PATH     the folder of a serverless.yml, a template.yaml or a cdk.out");
        }

        foreach (var (name, format) in Names)
        {
            if (File.Exists(Path.Combine(full, name)))
            {
                return new DevService(full, name, format, choices);
            }
        }

        throw Nothing(path, full);
    }

    /// <param name="publishedVersion">See <see cref="ReadOptions.PublishedVersion"/>.</param>
    public Application Read(AwsAccount account, DeploymentRecord record, Func<string, string?> publishedVersion)
    {
        var options = new ReadOptions
        {
            Stage = _choices.Stage,
            AccountId = account.AccountId,
            Region = account.Region,
            Partition = account.Partition,
            Environment = _choices.Environment,
            GenerateName = record.NameOf,
            PublishedVersion = publishedVersion,
            Parameters = _choices.Parameters,
        };
        return _format switch
        {
            DevFormat.Serverless => ServerlessReader.Read(_file, ReadText(), options),
            DevFormat.CloudAssembly =>
                CloudAssemblyReader.Read(Path.GetDirectoryName(_file) ?? "", ReadFile, options),
            _ => TemplateReader.Read(
                new TemplateSource
                {
                    FileName = _file,
                    Text = ReadText(),
                    StackName = StackName,
                    IsSource = !IsBuilt,
                    ReadFile = ReadFile,
                },
                options),
        };
    }

    /// <summary>The account and region that the files name: the server runs there unless told otherwise.</summary>
    public (string? AccountId, string? Region) FindPlace() => _format switch
    {
        DevFormat.CloudAssembly => CloudAssemblyReader.FindPlace(Path.GetDirectoryName(_file) ?? "", ReadFile),
        DevFormat.Template => (null, null),
        _ => (null, ServerlessReader.FindRegion(_file, ReadText(), new ReadOptions
        {
            Stage = _choices.Stage,
            AccountId = AwsAccount.Default.AccountId,
            Environment = _choices.Environment,
            GenerateName = id => id,
        })),
    };

    /// <summary>The folder's name, as people call their stacks; letters, digits and hyphens are all that a stack's
    /// name may have.</summary>
    private string StackName
    {
        get
        {
            var name = string.Concat(
                Path.GetFileName(Folder.TrimEnd('/')).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
            return name.Length == 0 ? "app" : name;
        }
    }

    /// <summary><c>sam build</c> writes its template and code there: nothing is to be built again.</summary>
    private bool IsBuilt => Folder.Contains(".aws-sam", StringComparison.Ordinal);

    /// <summary>The folder around a cdk.out. What <c>cdk synth</c> writes may be thrown away at any time: what is kept
    /// lies beside it.</summary>
    /// <param name="path">The cdk.out, or the manifest in it; null comes of anything else.</param>
    private static string? ProjectOf(string path)
    {
        var assembly = Path.GetFileName(path) == Manifest ? Path.GetDirectoryName(path) : path;
        return assembly is not null && Path.GetFileName(assembly) == AssemblyFolder
            && File.Exists(Path.Combine(assembly, Manifest))
            ? Path.GetDirectoryName(assembly)
            : null;
    }

    private static DevFormat FormatOf(string file) => Path.GetFileName(file) switch
    {
        Manifest => DevFormat.CloudAssembly,
        var name when name.StartsWith("serverless", StringComparison.Ordinal) => DevFormat.Serverless,
        _ => DevFormat.Template,
    };

    private string ReadText() => YamlDocumentReader.ReadText(_file, Path.Combine(Folder, _file));

    private string? ReadFile(string path)
    {
        var full = Path.Combine(Folder, path);
        return File.Exists(full) ? YamlDocumentReader.ReadText(path, full) : null;
    }

    private static CommandException Nothing(string path, string folder)
    {
        var definition = Directory.EnumerateFiles(folder, $"*{BareDefinition}").Select(Path.GetFileName)
            .FirstOrDefault();
        return definition is null
            ? new CommandException(
                ExitCode.Usage,
                "There is no serverless.yml, template.yaml or cdk.out in "
                    + $"{(path is "." ? "the current folder" : path)}.",
                "lungfish dev samples/order-approval     runs the sample",
                "lungfish serve                          runs an empty server")
            : Bare($"{path} holds {definition} and no serverless.yml", definition);
    }

    private static CommandException Bare(string what, string definition) => new(
        ExitCode.Usage,
        $"{what}; deploying bare definitions is not there yet.",
        "lungfish serve",
        $"aws stepfunctions create-state-machine --name NAME --definition file://{definition} "
            + "--role-arn arn:aws:iam::000000000000:role/any");
}
