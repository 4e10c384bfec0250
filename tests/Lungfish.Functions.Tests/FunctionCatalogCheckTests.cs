using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Lungfish.Engine.Checking;
using Lungfish.Engine.Storage;
using Lungfish.Functions.Registry;

namespace Lungfish.Functions.Tests;

public sealed class FunctionCatalogCheckTests : IDisposable
{
    private static readonly byte[] s_package = [1, 2, 3];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lungfish-check-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Check_PackageIsThere_FindsNothing()
    {
        WritePackage(s_package);

        Assert.Empty(Check(Entry(Code)));
    }

    [Fact]
    public void Check_PackageIsMissing_FindsIt() =>
        Assert.Equal(FindingKinds.CodeMissing, Assert.Single(Check(Entry(Code))).Kind);

    [Fact]
    public void Check_PackageHasChanged_FindsIt()
    {
        WritePackage([1, 2, 4]);

        Assert.Equal(FindingKinds.CodeDamaged, Assert.Single(Check(Entry(Code))).Kind);
    }

    [Fact]
    public void Check_FolderOfADeveloperIsGone_WarnsOfIt()
    {
        var code = Code with { Folder = Path.Combine(_directory.FullName, "gone") };

        Assert.Equal(FindingKinds.CodeFolder, Assert.Single(Check(Entry(code))).Kind);
    }

    [Theory]
    [InlineData("function", "{}")]
    [InlineData("function-version", "[]")]
    [InlineData("function-alias", "null")]
    [InlineData("async-invocation", "{\"Name\":\"f\"}")]
    [InlineData("function", "no JSON")]
    public void Check_EntryCannotBeRead_FindsIt(string kind, string value)
    {
        var entry = new CatalogEntry(kind, "f", 1, System.Text.Encoding.UTF8.GetBytes(value));

        Assert.Equal(FindingKinds.CatalogEntry, Assert.Single(Check(entry)).Kind);
    }

    private static FunctionCode Code => new(
        Convert.ToBase64String(SHA256.HashData(s_package)), s_package.Length, Folder: null);

    [Fact]
    public void Read_StoredBeforeThereWereCapacityProviders_RunsOneInvocationAtATime()
    {
        var stored = """
            {"Name":"f","Version":"1","Runtime":"nodejs22.x","Handler":"h","Role":"r","Timeout":"00:00:03",
             "Architectures":["x86_64"],"Code":{"Sha256":"","Size":1,"Folder":null},
             "LastModified":"2026-01-01T00:00:00+00:00","RevisionId":"r"}
            """u8.ToArray();

        var function = StoredFunctions.Read(new CatalogEntry("function-version", "f:1", 1, stored));

        Assert.Null(function.CapacityProvider);
    }

    private List<Finding> Check(CatalogEntry entry) => [.. new FunctionCatalogCheck(_directory.FullName).Check(entry)];

    private void WritePackage(byte[] content)
    {
        var packages = Directory.CreateDirectory(FunctionCatalogCheck.PackagesIn(_directory.FullName)).FullName;
        var name = Convert.ToHexStringLower(SHA256.HashData(s_package)) + ".zip";
        File.WriteAllBytes(Path.Combine(packages, name), content);
    }

    private static CatalogEntry Entry(FunctionCode code)
    {
        var function = new FunctionConfiguration
        {
            Name = "f",
            Version = "$LATEST",
            Runtime = "python3.12",
            Handler = "app.handler",
            Role = "arn:aws:iam::000000000000:role/r",
            Code = code,
            LastModified = DateTimeOffset.UnixEpoch,
            RevisionId = "r",
        };
        var stored = new StoredFunction(function, ImmutableSortedDictionary<string, string>.Empty, 0);
        return new CatalogEntry("function", "f", 1, JsonSerializer.SerializeToUtf8Bytes(stored));
    }
}
