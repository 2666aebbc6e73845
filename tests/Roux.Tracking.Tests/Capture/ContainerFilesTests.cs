using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

public class ContainerFilesTests
{
    private static readonly string Id = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    [Theory]
    [InlineData("proc/self/cgroup", "12:cpu:/docker/{0}\n0::/\n")]
    [InlineData("proc/self/cgroup", "0::/system.slice/docker-{0}.scope\n")]
    [InlineData("proc/self/cgroup", "0::/kubepods/besteffort/pod1/{0}\n")]
    [InlineData("proc/self/mountinfo", "1 2 254:1 /var/lib/docker/containers/{0}/hostname /etc/hostname rw - ext4 /dev/vda1 rw\n")]
    [InlineData("run/.containerenv", "engine=\"podman-4\"\nname=\"x\"\nid=\"{0}\"\n")]
    public void The_id_is_found_where_the_system_shows_it(string file, string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write(file, text.Replace("{0}", Id, StringComparison.Ordinal));
        new ContainerFiles(folder.Path).Read("docker", _ => null).ShouldBe(new ContainerRecord("docker", Id, null));
    }

    [Fact]
    public void The_image_comes_from_podman_or_a_variable_and_credentials_do_not()
    {
        using var folder = new TemporaryFolder();
        folder.Write("run/.containerenv", "image=\"docker.io/library/x:1\"\nimageid=\"abc\"\n");
        new ContainerFiles(folder.Path).Read("podman", _ => null).Image.ShouldBe("docker.io/library/x:1 (id abc)");
        new ContainerFiles(folder.Path).Read("podman", v => v == "ROUX_CONTAINER_IMAGE" ? "https://u:pw@r.example.org/x@sha256:1" : null).Image.ShouldBe("https://r.example.org/x@sha256:1");
    }

    [Fact]
    public void Nothing_to_see_gives_nothing()
    {
        using var folder = new TemporaryFolder();
        new ContainerFiles(folder.Path).Read("docker", _ => "").ShouldBe(new ContainerRecord("docker", null, null));
    }
}
