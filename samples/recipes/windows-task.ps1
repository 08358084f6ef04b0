# The nightly import by the Windows Task Scheduler. Once, as an administrator, in Windows PowerShell:
#   powershell -ExecutionPolicy Bypass -File windows-task.ps1 -Folder D:\juesuan -MailTo finance@example.org -MailServer mail.example.org
# The task then runs this same file with -Run, whether somebody is logged on or not. It stores no password (S4U) and so
# reaches no network share; where the inputs are on one, register it with -User and -Password in place of -Principal.
param(
    [string]$Folder = 'D:\juesuan',
    [string]$Program = 'C:\Program Files\juesuan\juesuan.exe',
    [string]$MailTo,
    [string]$MailServer,
    [switch]$Run
)
$ErrorActionPreference = 'Stop'
$Folder = $Folder.TrimEnd('\')

if ($Run) {
    $log = Join-Path $Folder 'last.log'
    try {
        # Not `2> $log`: Windows PowerShell would make error records of its own of what the program says.
        $import = Start-Process -FilePath $Program -ArgumentList 'import' -WorkingDirectory $Folder `
                  -RedirectStandardError $log -NoNewWindow -Wait -PassThru
        $code = $import.ExitCode
        $text = Get-Content -Path $log -Raw -Encoding UTF8
    } catch {
        $code = 3
        $text = "$_"
    }
    # 1: published, but some documents are wrong. That is the analyst's work of the morning, and no failure of the night.
    if ($code -eq 0 -or $code -eq 1) { exit 0 }
    $subject = "juesuan: the import failed with exit code $code, the dataset of before stands"
    if ($code -eq 4) { $subject = 'juesuan: another import was still running' }
    $text = "$subject`r`n`r`n$text"
    $text = $text.Substring(0, [Math]::Min(30000, $text.Length))
    Write-EventLog -LogName Application -Source juesuan -EventId 1 -EntryType Error -Message $text
    if ($MailTo) {
        Send-MailMessage -To $MailTo -From "juesuan@$env:COMPUTERNAME" -Subject $subject -Body $text `
                         -SmtpServer $MailServer -Encoding UTF8
    }
    exit $code
}

# It is an error, and none of ours, where the source is there already.
New-EventLog -LogName Application -Source juesuan -ErrorAction SilentlyContinue
$arguments = "-NoProfile -ExecutionPolicy Bypass -File `"$PSCommandPath`" -Folder `"$Folder`" -Program `"$Program`" -Run"
if ($MailTo) { $arguments += " -MailTo $MailTo -MailServer $MailServer" }
$action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $arguments -WorkingDirectory $Folder
$trigger = New-ScheduledTaskTrigger -Daily -At 2am
# A night that the machine slept through is made up for; one that lasts into the next is not joined by a second one.
$settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -MultipleInstances IgnoreNew `
            -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ExecutionTimeLimit (New-TimeSpan -Hours 6)
# Highest: the link to the published snapshot may be made by administrators only, unless the machine says otherwise.
$principal = New-ScheduledTaskPrincipal -UserId "$env:USERDOMAIN\$env:USERNAME" -LogonType S4U -RunLevel Highest
Register-ScheduledTask -TaskName 'juesuan import' -Action $action -Trigger $trigger -Settings $settings `
                       -Principal $principal -Force
