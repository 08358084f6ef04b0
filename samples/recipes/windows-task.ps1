# Registers the nightly import with the Windows Task Scheduler: run once, as an administrator.
#   powershell -File windows-task.ps1 -Folder D:\juesuan
param([string]$Folder = 'D:\juesuan', [string]$Program = 'C:\Program Files\juesuan\juesuan.exe')
# The task runs this line; exit code 1 (published, some documents are wrong) is no failure of the task.
$line = "& '$Program' import 2> last.log; `$code = `$LASTEXITCODE; " +
        "if (`$code -gt 1) { eventcreate /T ERROR /ID 1 /L APPLICATION /SO juesuan /D ('import failed, exit code ' + `$code) }; " +
        "exit ([int](`$code -gt 1) * `$code)"
$action = New-ScheduledTaskAction -Execute 'powershell.exe' -WorkingDirectory $Folder `
          -Argument "-NoProfile -Command `"$line`""
$trigger = New-ScheduledTaskTrigger -Daily -At 2am
$settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -MultipleInstances IgnoreNew -ExecutionTimeLimit (New-TimeSpan -Hours 6)
Register-ScheduledTask -TaskName 'juesuan import' -Action $action -Trigger $trigger -Settings $settings -Force
