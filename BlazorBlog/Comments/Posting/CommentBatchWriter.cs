using System.Collections.Concurrent;
using BlazorBlog.Data;

namespace BlazorBlog.Comments.Posting;

/// <summary>
/// Saves comments. Those that wait for the database's single writer are saved together, in one transaction: the disk is asked once for
/// all of them, and each caller is answered after the commit.
/// </summary>
public sealed class CommentBatchWriter(WriteGate gate, CommentStore transaction)
{
    private const int LargestBatch = 64;

    private readonly ConcurrentQueue<Waiting> _waiting = new();

    /// <summary>Answers once the comment and its outbox message are on the disk.</summary>
    public async Task<CommentOutcome> AddAsync(NewComment comment, CancellationToken cancellationToken)
    {
        var own = new Waiting(comment);
        _waiting.Enqueue(own);
        try
        {
            // The caller that enters the gate saves every comment waiting by then, usually including its own.
            using var turn = await gate.EnterAsync(cancellationToken);
            if (!own.Answer.Task.IsCompleted)
            {
                await SaveWaitingAsync(own);
            }
        }
        catch (OperationCanceledException) when (own.TryWithdraw())
        {
            throw;
        }

        return await own.Answer.Task;
    }

    private async Task SaveWaitingAsync(Waiting own)
    {
        while (!own.Answer.Task.IsCompleted)
        {
            var batch = new List<Waiting>();
            while (batch.Count < LargestBatch && _waiting.TryDequeue(out var next))
            {
                if (next.TryTake())
                {
                    batch.Add(next);
                }
            }

            // The caller's comment was already taken into another batch, which answers it.
            if (batch.Count == 0)
            {
                return;
            }

            await SaveAsync(batch, isRepeat: false, isLastTry: false);
        }
    }

    private async Task SaveAsync(List<Waiting> batch, bool isRepeat, bool isLastTry)
    {
        try
        {
            // The save is shared by all callers in the batch, so the cancellation of the first must not end it.
            var outcomes = await transaction.SaveAsync([.. batch.Select(waiting => waiting.Comment)], isRepeat, CancellationToken.None);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Answer.SetResult(outcomes[i]);
            }
        }
#pragma warning disable CA1031 // Each waiting caller gets the failure of its own comment.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Alone it is tried once more: what another node saved in between, such as the same key, is then seen.
            if (isLastTry)
            {
                batch[0].Answer.SetException(exception);
                return;
            }

            foreach (var waiting in batch)
            {
                await SaveAsync([waiting], isRepeat: true, isLastTry: batch.Count == 1);
            }
        }
    }

    private sealed class Waiting(NewComment comment)
    {
        private int _taken;

        public NewComment Comment { get; } = comment;

        public TaskCompletionSource<CommentOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

        /// <summary>Removes the comment when its caller was cancelled before a batch took it.</summary>
        public bool TryWithdraw() => TryTake();
    }
}
