namespace Lungfish.Cli.Tests;

public sealed class SampleTests
{
    [Fact]
    public async Task OrderApproval_Checked_HasNothingToTell()
    {
        var run = await CliRun.Of(new NoServer(), "machine", "validate", Find("samples/order-approval/serverless.yml"));

        Assert.Equal((0, ""), (run.ExitCode, run.Out));
    }

    private static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, path)))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        throw new FileNotFoundException(path);
    }
}
