use std::time::{SystemTime, UNIX_EPOCH};

use juesuan::store;
use juesuan::wording::safe;

use super::args::ExportArgs;
use super::exit::Exit;
use super::failed::Failed;
use super::grid::{Side, aligned};
use super::output::message;
use super::settings::{Speaker, Told};

/// Writes the published snapshot as Delta tables.
pub(crate) fn run(args: &ExportArgs, told: &Told<'_>, speaker: Speaker) -> Result<Exit, Failed> {
    let dataset = told.dataset(args.dataset.as_ref())?.value;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_micros()).unwrap_or_default();
    let tables = store::export_delta(&dataset, &args.delta, now)?;
    let headers = speaker.say(["表", "行数", "版本", ""], ["table", "rows", "version", ""]);
    let mut rows = vec![headers.map(str::to_owned).to_vec()];
    for table in &tables {
        let unchanged = if table.committed { "" } else { speaker.say("未变", "unchanged") };
        rows.push(vec![
            table.table.to_owned(),
            table.rows.to_string(),
            table.version.to_string(),
            unchanged.to_owned(),
        ]);
    }
    message(aligned(&rows, &[Side::Left, Side::Right, Side::Right, Side::Left], "  ").trim_end());
    let figures = safe(&args.delta.join("figures").display().to_string());
    message(&speaker.say(
        format!("下一步：在 Python 中 deltalake.DeltaTable('{figures}')"),
        format!("next: deltalake.DeltaTable('{figures}') in Python"),
    ));
    Ok(Exit::Done)
}
