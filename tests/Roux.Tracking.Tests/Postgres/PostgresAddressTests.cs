using Roux.Tracking.Postgres;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Postgres;

/// <summary>Addresses are understood, and what is printed of them holds no password.</summary>
public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://ann:s3cret@db.example.org:5433/runs", "postgresql://ann@db.example.org:5433/runs")]
    [InlineData("postgresql://ann@db/runs?sslmode=verify-full&password=s3cret", "postgresql://ann@db/runs?sslmode=verify-full")]
    [InlineData("postgres://ann:s3%40cret@[::1]/my%20runs", "postgresql://ann@[::1]/my%20runs")]
    [InlineData("postgres://ann@/runs?host=/var/run/postgresql&port=5433", "postgresql://ann@/runs?host=%2Fvar%2Frun%2Fpostgresql&port=5433")]
    [InlineData("postgres://ann:s3cret/x@db/runs?artifacts=/data/a", "postgresql://ann@db/runs?artifacts=/data/a")]
    public void The_place_is_the_address_without_its_password(string address, string place)
    {
        PostgresAddress.Parse(address).Place.ShouldBe(place);
        PostgresAddress.Parse(place).Place.ShouldBe(place);
        PostgresAddress.Parse(StoreAddress.WithoutPassword(address, out _)).Place.ShouldBe(place);
    }

    [Theory]
    [InlineData("postgres://ann:s3cret@db:port/runs", "is no port")]
    [InlineData("postgres://ann:s3cret@db/runs?ssl=on", "no setting 'ssl'")]
    [InlineData("postgres://ann:s3cret@db/runs?sslmode=maybe", "sslmode cannot be 'maybe'")]
    public void Malformed_addresses_are_refused_without_telling_the_password(string address, string message)
    {
        var error = Should.Throw<TrackingException>(() => Tracker.Open(address)).Message;
        error.ShouldContain(message);
        error.ShouldNotContain("s3cret");
    }

    [Fact]
    public void The_password_is_taken_out_for_the_environment()
    {
        StoreAddress.WithoutPassword("postgres://ann:s3%40cret@db/runs", out var password).ShouldBe("postgres://ann@db/runs");
        password.ShouldBe("s3@cret");
        StoreAddress.WithoutPassword("postgres://db/runs", out password).ShouldBe("postgres://db/runs");
        password.ShouldBeNull();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a\0b", "a\u0001\u0001b")]
    [InlineData("a\u0001b", "a\u0001\u0002b")]
    [InlineData("\u0001\0\u0001", "\u0001\u0002\u0001\u0001\u0001\u0002")]
    public void Texts_with_NUL_come_back_as_they_were(string text, string written)
    {
        PostgresText.Write(text).ShouldBe(written);
        PostgresText.Read(written).ShouldBe(text);
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() => PostgresText.Write("x\ud83dy").ShouldBe("x\ufffdy");
}
