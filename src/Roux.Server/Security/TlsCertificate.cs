using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Roux.Server.Security;

/// <summary>The certificate of a server, read from its files again when those change, as they do with each renewal.</summary>
internal sealed class TlsCertificate
{
    private static readonly TimeSpan Looked = TimeSpan.FromMinutes(1);

    private readonly ServerSecurity security;
    private readonly TimeProvider time;
    private readonly Lock reading = new();
    private X509Certificate2 certificate;
    private DateTime written;
    private long looked;

    public TlsCertificate(ServerSecurity security, TimeProvider time)
    {
        this.security = security;
        this.time = time;
        certificate = Read();
        written = Written();
        looked = time.GetTimestamp();
    }

    public X509Certificate2 Current
    {
        get
        {
            lock (reading)
            {
                if (time.GetElapsedTime(looked) > Looked)
                {
                    looked = time.GetTimestamp();
                    Renew();
                }

                return certificate;
            }
        }
    }

    private void Renew()
    {
        try
        {
            if (Written() is var now && now != written)
            {
                certificate = Read();
                written = now;
            }
        }
        catch (ServerException)
        {
            // Half written, perhaps: the old one holds until the next look.
        }
    }

    private DateTime Written()
    {
        var key = security.TlsKey is { } file ? File.GetLastWriteTimeUtc(file) : default;
        var own = File.GetLastWriteTimeUtc(security.TlsCertificate!);
        return own > key ? own : key;
    }

    private X509Certificate2 Read()
    {
        var file = security.TlsCertificate!;
        try
        {
            if (X509Certificate2.GetCertContentType(file) == X509ContentType.Pfx)
            {
                return X509CertificateLoader.LoadPkcs12FromFile(file, security.TlsPassword);
            }

            var key = security.TlsKey ?? file;
            using var pem = security.TlsPassword is { } password ? X509Certificate2.CreateFromEncryptedPemFile(file, password, key) : X509Certificate2.CreateFromPemFile(file, key);

            // Some platforms take keys from PKCS #12 only.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ServerException(
                $"--tls-cert '{file}'{(security.TlsKey is { } key ? $" with --tls-key '{key}'" : "")}: cannot be read as a certificate with its key; " +
                "give a PEM file and its key, or a PFX file, and the password of either in ROUX_TLS_PASSWORD", exception);
        }
    }
}
