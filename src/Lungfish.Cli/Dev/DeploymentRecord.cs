using System.Security.Cryptography;
using Lungfish.Cli.CommandLine;
using Lungfish.Json;

namespace Lungfish.Cli.Dev;

/// <summary>Remembers the names that were made up for unnamed state machines, so that each deployment finds them
/// again.</summary>
internal sealed class DeploymentRecord
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly string _file;
    private JsonObject _names;

    private DeploymentRecord(string file, JsonObject names)
    {
        _file = file;
        _names = names;
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CommandException">Something else wrote into the file.</exception>
    public static DeploymentRecord Open(string dataDirectory)
    {
        var file = Path.Combine(dataDirectory, "deployment.json");
        try
        {
            var names = File.Exists(file) ? JsonValue.Parse(File.ReadAllText(file)) as JsonObject : null;
            return new DeploymentRecord(file, names ?? JsonObject.Empty);
        }
        catch (JsonParseException e)
        {
            throw new CommandException(
                ExitCode.Failed,
                $"{file} is no JSON (line {e.Line}, column {e.Column}): something else wrote into it.",
                "Restore it, or delete it: state machines without a name then get a new one.");
        }
    }

    /// <summary>As CloudFormation names a machine that has no name: its logical id and 12 random characters.</summary>
    public string NameOf(string logicalId)
    {
        if (_names[logicalId] is JsonString known)
        {
            return known.Value;
        }

        // CloudFormation shortens the id so that the whole stays within the 80 characters of a name.
        var name = $"{logicalId[..Math.Min(logicalId.Length, 67)]}-{RandomNumberGenerator.GetString(Alphabet, 12)}";
        _names = _names.With(logicalId, name);
        return name;
    }

    /// <summary>Written beside and moved, so that a crash leaves the old file or the new one.</summary>
    public void Save()
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(_file) ?? ".");
        var beside = _file + ".new";
        File.WriteAllText(beside, _names.ToText());
        File.Move(beside, _file, overwrite: true);
    }
}
