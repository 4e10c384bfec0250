using Lungfish.Cli.CommandLine;
using Lungfish.Deployment.Serverless;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Cli.Dev;

/// <summary>The service in a folder: its serverless.yml, read anew for each deployment.</summary>
internal sealed class DevService(string folder, string file, string? stage, Func<string, string?> environment)
{
    public string Folder { get; } = folder;

    /// <exception cref="CommandException">There is nothing to deploy in the folder.</exception>
    public static DevService Find(string path, string? stage, Func<string, string?> environment)
    {
        var folder = Path.GetFullPath(path);
        if (File.Exists(folder) && Path.GetFileName(folder) is "serverless.yml" or "serverless.yaml")
        {
            folder = Path.GetDirectoryName(folder) ?? folder;
        }

        if (!Directory.Exists(folder))
        {
            throw new CommandException(
                ExitCode.NotFound,
                $"There is no folder {path}.",
                "lungfish dev PATH     the folder of a serverless.yml");
        }

        string[] names = ["serverless.yml", "serverless.yaml"];
        var file = Array.Find(names, name => File.Exists(Path.Combine(folder, name)));
        return file is not null ? new DevService(folder, file, stage, environment) : throw Nothing(path, folder);
    }

    public ServerlessService Read(AwsAccount account, DeploymentRecord record) =>
        ServerlessReader.Read(file, ReadText(), new ServerlessOptions
        {
            Stage = stage,
            AccountId = account.AccountId,
            Region = account.Region,
            Partition = account.Partition,
            Environment = environment,
            GenerateName = record.NameOf,
        });

    /// <summary>The region that the file names: the server runs there unless told otherwise.</summary>
    public string? FindRegion() => ServerlessReader.FindRegion(file, ReadText(), new ServerlessOptions
    {
        Stage = stage,
        AccountId = AwsAccount.Default.AccountId,
        Environment = environment,
        GenerateName = id => id,
    });

    private string ReadText() => File.ReadAllText(Path.Combine(Folder, file));

    private static CommandException Nothing(string path, string folder)
    {
        var definition = Directory.EnumerateFiles(folder, "*.asl.json").Select(Path.GetFileName).FirstOrDefault();
        return definition is null
            ? new CommandException(
                ExitCode.Usage,
                $"There is no serverless.yml in {(path is "." ? "the current folder" : path)}.",
                "lungfish dev samples/order-approval     runs the sample",
                "lungfish serve                          runs an empty server")
            : new CommandException(
                ExitCode.Usage,
                $"{path} holds {definition} and no serverless.yml; deploying bare definitions is not there yet.",
                "lungfish serve",
                $"aws stepfunctions create-state-machine --name NAME --definition file://{definition} "
                    + "--role-arn arn:aws:iam::000000000000:role/any");
    }
}
