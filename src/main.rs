fn main() {
    let path = std::env::args().nth(1).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let mut settings = juesuan::pipeline::Settings::load(None, None, false).unwrap_or_else(|e| panic!("{e}"));
    settings.assumed_year = std::env::args().nth(2).and_then(|y| y.parse().ok());
    let (_, e) = juesuan::pipeline::inspect(&bytes, &path, &settings);
    println!("{:?} {} unit={} year={:?}", e.status, e.reason, e.submission.unit, e.submission.fiscal_year);
    for f in &e.submission.forms { println!("FORM {} {:?} {} fig={} left={}", f.form, f.status, f.known_by, f.figures, f.leftovers); }
    for f in &e.submission.figures { println!("{} | {} = {} {} | {} | {} {}", f.form, f.key, f.value, f.unit_of_measure, f.place, f.label, f.flags); }
    for s in &e.submission.scores { println!("SCORE {} {}›{}›{} {:?} {:?}", s.form, s.level1, s.level2, s.level3, s.weight.map(|x|x.to_string()), s.self_score.map(|x|x.to_string())); }
    for l in &e.submission.leftovers { println!("LEFT {} {} {} | {} | by {}", l.form, l.place, l.value_as_written, l.labels, l.blocked_by); }
    for f in &e.submission.findings { println!("FINDING {} {} {:?} exp={:?} act={:?}", f.code.word(), f.subject, f.places.iter().map(|p|p.to_string()).collect::<Vec<_>>(), f.expected, f.actual); }
}
