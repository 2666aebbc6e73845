@echo off
rem Builds Roux once, quietly, into .build\ (delete that folder to build again), then runs the command line.
setlocal
set "OUT=%~dp0.build\roux"
if not exist "%OUT%\.built" (
  where dotnet >nul 2>nul || (echo roux: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download 1>&2 & exit /b 1)
  echo roux: building, once, about a minute ... 1>&2
  if not exist "%~dp0.build" mkdir "%~dp0.build"
  dotnet publish "%~dp0src\Roux.Cli" -c Release --no-self-contained -o "%OUT%" -nologo -v q > "%~dp0.build\build.log" 2>&1 || (type "%~dp0.build\build.log" 1>&2 & exit /b 1)
  echo built> "%OUT%\.built"
)
dotnet "%OUT%\roux.dll" %*
exit /b %ERRORLEVEL%
