# syntax=docker/dockerfile:1.20
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source

# The packages are a layer of their own: it is rebuilt only when a project file or a version changes.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY --parents src/**/*.csproj src/**/packages.lock.json src/**/Directory.Build.props ./
RUN dotnet restore src/WebApi --locked-mode -a $TARGETARCH -p:PublishReadyToRun=true

# The settings of `dotnet cake --target=Publish`.
COPY src src
RUN dotnet publish src/WebApi -c Release -a $TARGETARCH --self-contained false --no-restore \
    -p:PublishReadyToRun=true -o /publish

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
# Keys that are not configured are made here once: a volume keeps them, and takes its owner and mode from this folder.
RUN install -d -o "$APP_UID" -g "$APP_UID" -m 0700 /var/lib/crypto-beacon
COPY --from=build /publish .

ENV ASPNETCORE_URLS=http://+:8080 \
    CryptoBeacon__DataDirectory=/var/lib/crypto-beacon \
    DOTNET_EnableDiagnostics=0
EXPOSE 8080
USER $APP_UID

# The image has no curl; bash speaks enough HTTP to read a status line.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]

ENTRYPOINT ["dotnet", "CryptoBeacon.WebApi.dll"]
