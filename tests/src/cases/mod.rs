//! The tests, by what they are about. Each is an `async fn` over [`Runtime`](crate::runtime::Runtime), named after what
//! holds if it passes.

mod builds;
mod child;
mod commands;
mod contexts;
mod copies;
pub mod credentials;
mod cuts;
mod dialogue;
mod events;
mod exec;
mod faults;
mod files;
mod hostile;
mod jobs;
mod json;
mod keys;
mod killable;
mod kinds;
mod lifetime;
mod lines;
pub mod memory;
mod monitor;
mod observe;
mod off;
mod output;
mod pool;
mod progress;
mod proxies;
pub mod quiet;
mod resume;
mod run;
mod saving;
mod stalls;
mod stats;
pub mod storm;
mod streams;
mod tls;
mod trees;
mod tty;
mod undone;
mod until;
mod usage;
mod waits;
mod websocket;

use crate::runtime::{Files, Monitors, Output};
use crate::{Case, Run};

type Failure = Box<dyn std::error::Error>;

macro_rules! live {
    ($list:ident, $($module:ident :: $name:ident),+ $(,)?) => {$(
        $list.push(Case {
            name: concat!(stringify!($module), "::", stringify!($name)),
            run: Run::Live(Box::new(|engine| R::block_on($module::$name::<R>(engine)))),
        });
    )+};
}

macro_rules! once {
    ($list:ident, $($module:ident :: $name:ident),+ $(,)?) => {$(
        $list.push(Case {
            name: concat!(stringify!($module), "::", stringify!($name)),
            run: Run::Once(Box::new(|engine| R::block_on($module::$name::<R>(engine)))),
        });
    )+};
}

macro_rules! peer {
    ($list:ident, $($module:ident :: $name:ident),+ $(,)?) => {$(
        $list.push(Case {
            name: concat!(stringify!($module), "::", stringify!($name)),
            run: Run::Peer(Box::new(|| R::block_on($module::$name::<R>()))),
        });
    )+};
}

/// `tests/engines`, if it brought up what the tests use.
pub fn tool() -> Option<std::ffi::OsString> {
    std::env::var_os("DOCKER_TEST_TOOL")
}

/// Every test, for one runtime.
#[allow(clippy::vec_init_then_push)] // the macros push; a list of several kinds has no one literal
pub fn all<R: Output + Files + Monitors>() -> Vec<Case> {
    let mut list = Vec::with_capacity(64);
    peer!(
        list,
        faults::an_answer_before_the_upload_is_read_does_not_deadlock,
        faults::an_early_refusal_of_an_upload_is_reported_and_not_the_broken_pipe,
        faults::a_server_that_never_answers_times_out_in_the_head,
        faults::a_dead_pooled_connection_is_redialled_for_a_get,
        faults::a_full_backlog_is_waited_for,
        faults::a_dial_in_small_ticks_loses_nothing,
        faults::output_behind_the_upgrade_head_is_kept,
        faults::half_close_is_seen_by_the_peer_and_reading_goes_on,
        faults::a_200_instead_of_101_is_a_session,
        faults::a_drop_closes_the_connection,
        faults::ten_thousand_frames_in_one_read_arrive,
        stalls::in_every_part_of_an_answer,
        stalls::in_the_body_of_a_refusal,
        stalls::while_a_version_is_agreed_on,
        stalls::while_the_terminal_is_asked_for,
        stalls::once_the_terminal_is_known,
        stalls::in_a_stream,
        stalls::in_a_session,
        stalls::while_a_request_is_sent,
        stalls::while_connecting,
        stalls::a_slow_server_is_not_a_silent_one,
        cuts::of_an_answer_with_a_length,
        cuts::of_an_answer_in_chunks,
        cuts::of_an_answer_that_ends_with_its_connection,
        cuts::of_an_answer_without_a_body,
        cuts::of_a_refusal,
        cuts::of_a_stream_of_events,
        cuts::of_a_session,
        hostile::rules_are_broken,
        hostile::a_reset_is_told_with_its_cause,
        hostile::stray_bytes_on_a_kept_connection_are_found,
        hostile::an_answer_before_the_question_spoils_no_other,
        storm::ten_thousand_calls_on_an_unreliable_server,
        lifetime::a_quiet_tcp_connection_is_kept_alive,
        lifetime::a_closed_client_keeps_nothing_and_goes_on,
        lifetime::a_dropped_client_leaves_no_connection,
        lifetime::clients_of_several_engines_share_nothing,
        lifetime::a_failed_connect_has_its_cause,
        lifetime::a_place_is_waited_for_as_long_as_a_connection,
        json::values_come_apart_however_they_are_put_together,
        json::garbage_between_values_ends_the_stream_after_those_before_it,
        json::a_value_of_64_mib_is_refused_at_its_limit,
        jobs::a_container_removed_meanwhile_is_left_out,
        lines::bytes_are_read_and_a_cut_answer_never_ends_well,
        commands::no_input_leaves_before_the_head,
        usage::nothing_is_dialled_for_bad_input,
        observe::header_fields_are_on_every_kind_of_call,
        child::a_program_is_a_connection_and_ends_with_it,
        child::a_half_close_reaches_what_is_behind_a_program,
        child::what_a_failing_program_said_is_in_the_error,
        child::a_program_that_dies_is_no_end,
        child::one_that_runs_on_without_stdout_blocks_no_executor,
        proxies::what_a_proxy_refuses_is_told,
        proxies::a_silent_proxy_costs_no_more_than_a_connect,
        tls::a_certificate_that_does_not_fit_is_refused_with_the_reason,
        tls::what_is_not_checked_is_accepted,
        tls::a_port_without_tls_sees_no_request,
        tls::a_missing_or_unknown_client_certificate_is_told,
        tls::plain_http_to_a_port_for_tls_is_told,
        tls::keys_of_every_form_are_used_and_encrypted_ones_refused,
        tls::connections_are_kept,
        tls::a_cut_is_no_end,
        tls::both_directions_at_once_lose_nothing,
        saving::a_whole_answer_takes_the_place_of_what_was_there,
        saving::a_cut_answer_leaves_everything_as_it_was,
        saving::a_save_that_is_given_up_leaves_nothing,
        saving::a_bad_place_is_refused_before_anything_is_sent,
        saving::a_directory_that_is_not_there_abandons_the_upload,
    );
    live!(
        list,
        proxies::everything_goes_through_a_proxy,
        proxies::tls_is_spoken_with_the_engine_behind_the_proxy,
        observe::a_call_is_a_span,
        observe::bytes_are_counted_on_every_kind_of_call,
        credentials::a_container_learns_of_the_proxies,
        usage::the_engine_says_who_it_is,
        usage::names_reach_the_engine_as_names,
        usage::statuses_are_told_apart,
        usage::what_the_version_does_not_know_is_refused,
        output::logs_without_a_terminal_come_apart,
        output::logs_with_a_terminal_come_raw,
        output::follow_ends_with_the_container,
        output::a_pinned_version_reads_the_same,
        output::attach_before_start_misses_nothing,
        output::attach_takes_stdin,
        exec::output_and_code_without_a_terminal,
        exec::output_and_code_with_a_terminal,
        exec::half_close_with_output_still_to_come,
        exec::dropping_the_writer_half_closes,
        exec::a_detached_exec_runs,
        exec::a_big_echo_does_not_deadlock,
        streams::a_wait_registered_by_its_head_sees_the_exit,
        streams::events_since_a_moment_miss_nothing,
        streams::a_follow_can_be_left_in_the_middle,
        streams::a_next_that_is_given_up_loses_nothing,
        streams::an_import_gives_an_image,
        streams::an_error_in_the_stream_comes_after_the_progress,
        progress::a_missing_tag_is_an_error,
        progress::a_push_without_credentials_is_refused_after_its_progress,
        progress::a_failing_step_tells_its_exit_code,
        progress::a_corrupt_load_fails_after_its_progress,
        progress::an_import_of_garbage_fails,
        progress::a_plugin_that_is_not_allowed_enough_is_not_installed,
        progress::what_comes_out_is_what_the_engine_has,
        builds::a_failing_step_gives_its_code_and_the_log,
        builds::one_of_several_stages_is_what_was_asked_for,
        builds::proxies_of_the_config_reach_its_steps,
        builds::a_directory_is_sent_without_what_is_ignored,
        builds::tars_may_be_compressed_and_come_from_readers,
        builds::the_engine_fetches_what_is_remote,
        builds::a_quiet_one_has_an_id_and_no_log,
        builds::one_that_is_there_is_not_built_again,
        builds::one_that_is_dropped_does_not_go_on,
        builds::one_is_cancelled_by_its_id,
        stats::a_stream_has_percentages_from_its_second_sample_on,
        stats::samples_one_at_a_time_are_compared_by_hand,
        stats::a_container_that_does_not_run_uses_nothing,
        stats::the_command_prints_the_same_for_the_same_sample,
        stats::figures_are_within_a_point_of_the_command,
        events::past_events_are_those_of_the_docker_command,
        events::moments_in_any_form_are_the_same_moment,
        events::filters_and_the_end_of_time,
        events::what_happens_now_is_told_now,
        monitor::a_life_is_told_once_with_everything_about_it,
        monitor::who_comes_late_and_who_is_slow_have_the_same_picture,
        monitor::samples_are_shared_and_come_again_with_the_next_run,
        monitor::what_a_cut_hides_is_found_afterwards,
        waits::a_next_exit_is_never_missed,
        waits::an_exit_that_was_is_no_next_one,
        waits::a_container_that_removes_itself_is_waited_for,
        waits::a_wait_can_be_given_up,
        files::a_file_goes_out_and_in,
        files::a_long_upload_of_unknown_length_arrives,
        files::a_refused_upload_gives_the_reason,
        files::a_stat_tells_a_missing_path,
        saving::a_refusal_never_gets_into_a_file,
        trees::a_thousand_entries_from_memory_come_out_the_same,
        trees::a_thousand_entries_from_a_directory_come_out_the_same,
        trees::what_is_chosen_is_what_arrives,
        trees::an_export_has_what_the_container_has,
        trees::a_copy_that_breaks_off_is_an_error,
        trees::a_directory_may_be_kept_from_a_file,
        trees::owners_are_those_of_the_tar_unless_they_are_the_containers,
        trees::what_a_path_is_is_told_before_it_comes,
        trees::a_compressed_tar_goes_in,
        trees::a_tar_comes_out_compressed_if_it_is_asked_for,
        kinds::an_export_is_bytes,
        kinds::text_is_text,
        kinds::a_connection_is_handed_over,
        kinds::an_answer_in_another_type,
        jobs::a_list_with_everything_about_each,
        commands::every_flag_has_its_effect,
        commands::one_is_started_in_four_ways,
        dialogue::every_line_is_answered,
        dialogue::the_first_byte_is_there,
        dialogue::one_attach_for_each_stream,
        dialogue::a_half_close_is_what_the_engine_makes_of_it,
        dialogue::the_log_comes_first,
        dialogue::refusals_come_before_the_session,
        dialogue::what_goes_wrong_after_it_is_in_the_output,
        tty::create_and_start_decide_each_their_part,
        tty::a_container_is_resized,
        tty::an_exec_is_resized,
        tty::a_size_may_be_asked_for_before_the_start,
        tty::a_console_size_is_there_from_the_start,
        keys::closing_the_connection_leaves_an_exec_alone,
        keys::the_engines_own_detach,
        keys::those_of_a_call_detach,
        keys::those_of_the_client_detach,
        websocket::a_dialogue_over_unix_tcp_and_tls,
        websocket::output_alone_ends_cleanly,
        websocket::old_versions_send_text_that_is_none,
        websocket::megabytes_go_both_ways,
        websocket::refusals_are_the_engines_words,
        lines::logs_come_in_lines,
        lines::a_long_line_is_one_or_comes_in_parts,
        lines::progress_is_seen_while_it_moves,
        lines::output_is_collected,
        lines::output_is_copied,
        lines::items_come_in_batches,
        lines::a_terminal_is_bytes_both_ways,
        run::both_outputs_and_the_code_come_and_nothing_is_left,
        run::short_ones_lose_nothing,
        run::detached_it_goes_on,
        run::a_missing_image_is_pulled,
        run::no_log_is_needed,
        run::whatever_fails_the_container_is_removed,
        run::output_is_watched_while_it_comes,
        run::commands_give_both_outputs_and_the_code,
        run::health_is_waited_for,
        run::a_line_is_waited_for,
        run::a_port_is_waited_for,
        run::an_engine_that_answers_is_ready,
        copies::a_tree_goes_in_and_comes_out_the_same,
        copies::called_off_nothing_is_left_on_the_disk,
        undone::called_off_at_each_step_it_leaves_nothing,
        undone::whatever_fails_it_leaves_nothing,
        until::one_that_runs_leaves_no_container,
        until::one_that_is_started_runs_or_is_gone,
        until::whatever_calls_it_off_it_is_gone,
        until::a_command_leaves_nothing_but_itself,
        killable::a_killable_command_has_ended,
        killable::a_killed_command_has_ended_with_its_children,
        killable::a_killable_command_is_as_any_other,
        off::waits_end_at_once,
        off::questions_end_at_once,
        off::a_removal_ends_after_the_one_it_is_at,
        until::an_image_is_there_or_not,
        until::an_image_is_built_or_not,
        until::a_build_leaves_no_container_and_no_half_image,
        resume::a_log_is_messages_with_their_times,
        resume::details_may_be_none,
        resume::a_log_goes_on_over_cut_connections,
        resume::events_go_on_over_cut_connections,
        pool::a_thousand_inspects_each_get_their_own_answer,
        pool::fifty_short_calls_use_one_connection,
        pool::cut_connections_cost_nothing,
        lifetime::two_engines_at_once,
        pool::a_slow_wait_keeps_no_ping_waiting,
    );
    peer!(
        list,
        credentials::a_program_is_fed_and_heard,
        credentials::a_program_that_goes_on_is_killed,
        credentials::a_program_that_does_not_read_is_heard,
        contexts::files_are_written_and_removed,
    );
    // With registries and docker commands, as tests/engines brings them up.
    if tool().is_some() {
        live!(
            list,
            contexts::those_of_the_docker_command_are_used,
            contexts::the_docker_command_uses_ours,
            credentials::a_login_serves_push_and_pull,
            credentials::a_helper_serves_push_and_pull,
            credentials::a_login_of_the_docker_command_serves,
        );
        // What lands where is decided before an engine is asked.
        once!(
            list,
            copies::what_comes_out_lands_where_the_docker_command_puts_it,
            copies::what_goes_in_lands_where_the_docker_command_puts_it,
        );
    }
    once!(list, storm::ten_thousand_calls_on_an_engine);
    once!(list, memory::a_reader_that_stops_keeps_little, memory::a_copy_to_a_writer_that_stops_keeps_little);
    list
}
